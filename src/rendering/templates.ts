import path from "node:path";
import { pathToFileURL } from "node:url";

import nunjucks from "nunjucks";

import { packageRoot } from "../common/package.ts";
import type { Timestamp } from "../common/timestamps.ts";
import type { StaticFile } from "./assets.ts";
import { browserName, fullName, initials, projectTitle } from "./display-names.ts";

export interface Views {
  render(view: string, locals: Record<string, unknown>): string;
}

/** Options of Nunjucks, with which the build compiles the templates, too. */
export const templateOptions = { autoescape: true, trimBlocks: true, lstripBlocks: true };

/**
 * Loads the templates of views/, or `templates` instead. The build precompiles them into dist/views.js, which makes starts
 * faster; when the program runs from its sources, each is compiled when it is first rendered.
 */
export async function loadViews(basePath: string, files: StaticFile[], templates?: nunjucks.ILoader): Promise<Views> {
  const environment = new nunjucks.Environment(templates ?? (await defaultTemplates()), templateOptions);
  const assets = new Map(files.map((file) => [file.name, basePath + file.path]));
  environment.addGlobal("base", basePath);
  environment.addGlobal("asset", (name: string) => assets.get(name));
  environment.addFilter("full_name", fullName);
  environment.addFilter("initials", initials);
  environment.addFilter("project_title", projectTitle);
  environment.addFilter("number", (number: number) => numberFormat.format(number));
  environment.addFilter("browser", browserName);
  environment.addFilter("tail", (text: string, length: number) => text.slice(-length));
  environment.addFilter("slug", (text: string) => text.toLowerCase().replaceAll(" ", "-"));
  environment.addFilter("ago", ago);
  environment.addFilter("day", (timestamp: Timestamp) => dayFormat.format(new Date(timestamp)));
  environment.addFilter("month", (timestamp: Timestamp) => monthFormat.format(new Date(timestamp)));
  environment.addFilter("month_and_year", (timestamp: Timestamp) => yearFormat.format(new Date(timestamp)));
  environment.addFilter("exactly", (timestamp: Timestamp) => `${exactFormat.format(new Date(timestamp))} UTC`);
  return { render: (view, locals) => environment.render(view, locals) };
}

async function defaultTemplates(): Promise<nunjucks.ILoader> {
  if (import.meta.filename.endsWith(".ts")) return new nunjucks.FileSystemLoader(path.join(packageRoot, "views"));
  return loadCompiledTemplates();
}

/** The templates as the build has precompiled them. */
export const compiledTemplates = path.join(packageRoot, "dist", "views.js");

export async function loadCompiledTemplates(): Promise<nunjucks.ILoader> {
  const compiled = (await import(pathToFileURL(compiledTemplates).href)) as { default: unknown[] };
  return new nunjucks.PrecompiledLoader(compiled.default);
}

const dayFormat = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeZone: "UTC" });
const monthFormat = new Intl.DateTimeFormat("en-GB", { month: "short", timeZone: "UTC" });
const yearFormat = new Intl.DateTimeFormat("en-GB", { month: "short", year: "numeric", timeZone: "UTC" });
const exactFormat = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "medium", timeZone: "UTC" });
const numberFormat = new Intl.NumberFormat("en");
const agoFormat = new Intl.RelativeTimeFormat("en", { numeric: "always" });

const units: [Intl.RelativeTimeFormatUnit, number][] = [
  ["year", 365 * 86_400],
  ["month", 30 * 86_400],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
];

/** Returns "3 minutes ago": the largest unit that fits, rounded down. */
function ago(timestamp: Timestamp): string {
  const seconds = (Date.now() - Date.parse(timestamp)) / 1000;
  const unit = units.find(([, size]) => seconds >= size);
  return unit ? agoFormat.format(-Math.floor(seconds / unit[1]), unit[0]) : "just now";
}
