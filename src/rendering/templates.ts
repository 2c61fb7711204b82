import path from "node:path";

import nunjucks from "nunjucks";

import { isBuilt, packageRoot, version } from "../common/package.ts";
import { minutesFromNow } from "../common/timestamps.ts";
import type { Timestamp } from "../common/timestamps.ts";
import type { StaticFile } from "./assets.ts";
import {
  activeUser,
  authorName,
  browserName,
  fullName,
  initials,
  nameOrEmail,
  organizationName,
  projectTitle,
} from "./display-names.ts";

export interface Views {
  render(view: string, locals: Record<string, unknown>): string;
}

/** Options of Nunjucks, with which the build compiles the templates, too. */
export const templateOptions = { autoescape: true, trimBlocks: true, lstripBlocks: true };

/** Leaves one space of the indentation of templates in pages, since it may part words: the rest is a fiftieth of their bytes. */
export const shortIndentation: nunjucks.Extension & { preprocess: (source: string) => string } = {
  tags: [],
  parse: () => undefined,
  preprocess: (source) => source.replaceAll(/^[ \t]+/gm, " "),
};

/**
 * Loads the templates of views/, or `templates` instead. The build precompiles them into dist/views.js, which makes starts
 * faster; when the program runs from its sources, each is compiled when it is first rendered.
 */
export async function loadViews(basePath: string, files: StaticFile[], templates?: nunjucks.ILoader): Promise<Views> {
  const environment = new nunjucks.Environment(templates ?? (await defaultTemplates()), templateOptions);
  environment.addExtension("shortIndentation", shortIndentation);
  const assets = new Map(files.map((file) => [file.name, basePath + file.path]));
  environment.addGlobal("base", basePath);
  environment.addGlobal("asset", (name: string) => {
    const address = assets.get(name);
    if (address === undefined) throw new Error(`There is no static file ${name} in src/rendering/assets.ts.`);
    return address;
  });
  environment.addGlobal("product_version", version);
  environment.addFilter("active_user", activeUser);
  environment.addFilter("author_name", authorName);
  environment.addFilter("full_name", fullName);
  environment.addFilter("name_or_email", nameOrEmail);
  environment.addFilter("initials", initials);
  environment.addFilter("project_title", projectTitle);
  environment.addFilter("organization_name", organizationName);
  environment.addFilter("number", (number: number) => numberFormat.format(number));
  environment.addFilter("count", count);
  environment.addFilter("browser", browserName);
  // Nunjucks's own throws for half a character, and takes lists for fields.
  environment.addFilter("urlencode", (text: unknown) => encodeURIComponent(String(text).toWellFormed()));
  environment.addFilter("in_apostrophes", inApostrophes);
  environment.addFilter("starts_with", (text: string, start: string) => text.startsWith(start));
  environment.addFilter("share", share);
  environment.addFilter("tail", (text: string, length: number) => text.slice(-length));
  environment.addFilter("slug", (text: string) => text.toLowerCase().replaceAll(" ", "-"));
  environment.addFilter("typographic", (text: string) => text.replaceAll(/(\p{L})'(\p{L})/gu, "$1’$2"));
  environment.addFilter("ago", (timestamp: Timestamp) => ago(timestamp));
  environment.addFilter("upper_first", (text: string) => text.charAt(0).toUpperCase() + text.slice(1));
  environment.addFilter("ago_short", (timestamp: Timestamp) => ago(timestamp, true));
  environment.addFilter("is_now", (timestamp: Timestamp) => timestamp > minutesFromNow(-5));
  environment.addFilter("day", day);
  environment.addFilter("month", month);
  environment.addFilter("month_and_year", (timestamp: Timestamp) => `${month(timestamp)} ${timestamp.slice(0, 4)}`);
  environment.addFilter("to_seconds", (timestamp: Timestamp) => `${timestamp.slice(0, 19)}Z`);
  environment.addFilter("exactly", (timestamp: Timestamp) => `${exactFormat.format(new Date(timestamp))} UTC`);
  return { render: (view, locals) => environment.render(view, locals) };
}

/** For the value of an attribute that is in apostrophes: JSON is a third shorter with its quotes as they are. */
function inApostrophes(text: string): nunjucks.runtime.SafeString {
  const escaped = text.replaceAll("&", "&amp;").replaceAll("'", "&#39;").replaceAll("<", "&lt;");
  return new nunjucks.runtime.SafeString(escaped);
}

async function defaultTemplates(): Promise<nunjucks.ILoader> {
  return isBuilt ? loadCompiledTemplates() : new nunjucks.FileSystemLoader(path.join(packageRoot, "views"));
}

/** The templates as the build has precompiled them. */
export const compiledTemplates = path.join(packageRoot, "dist", "views.js");

export async function loadCompiledTemplates(): Promise<nunjucks.ILoader> {
  // Not there before the first build, so the compiler must not look for it; the bundle has it by this name.
  const compiled = (await import("../../dist/views.js" as string)) as { default: unknown[] };
  return new nunjucks.PrecompiledLoader(compiled.default);
}

const monthFormat = new Intl.DateTimeFormat("en-GB", { month: "short", timeZone: "UTC" });
const exactFormat = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "medium", timeZone: "UTC" });
const numberFormat = new Intl.NumberFormat("en");

/** Returns "1 task" or "1,204 tasks". */
function count(number: number, noun: string): string {
  return `${numberFormat.format(number)} ${noun}${number === 1 ? "" : "s"}`;
}

/** Returns a day as "24 Nov", with the year if it is another one. In UTC. */
export function day(timestamp: Timestamp): string {
  const date = new Date(timestamp);
  const text = `${date.getUTCDate()} ${month(timestamp)}`;
  return date.getUTCFullYear() === new Date().getUTCFullYear() ? text : `${text} ${date.getUTCFullYear()}`;
}

/** Returns a month's name in three letters: Node has "Sept". */
function month(timestamp: Timestamp): string {
  return monthFormat.format(new Date(timestamp)).slice(0, 3);
}

/** Units of time with their short names and seconds. */
const units: [string, string, number][] = [
  ["day", "d", 86_400],
  ["hour", "h", 3_600],
  ["minute", "min", 60],
];

/**
 * Returns "3 minutes ago", or "3 min" if it is short: the largest unit that fits, rounded down; the day for what is more than a week
 * ago.
 */
function ago(timestamp: Timestamp, isShort = false): string {
  const seconds = (Date.now() - Date.parse(timestamp)) / 1000;
  if (seconds >= 7 * 86_400) return day(timestamp);
  const unit = units.find(([, , size]) => seconds >= size);
  if (!unit) return "just now";
  const [name, abbreviation, size] = unit;
  const number = Math.floor(seconds / size);
  return isShort ? `${number} ${abbreviation}` : `${count(number, name)} ago`;
}

/** Returns a part of a whole in percent, at least 0.8 if it is not 0, so that it is seen in a progress bar. */
function share(part: number, whole: number): number {
  return part === 0 ? 0 : Math.max(0.8, Math.round((1000 * part) / whole) / 10);
}
