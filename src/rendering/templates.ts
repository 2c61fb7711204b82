import path from "node:path";

import nunjucks from "nunjucks";

import type { Timestamp } from "../common/timestamps.ts";
import { browserName, fullName, initials, projectTitle } from "./display-names.ts";
import { packageRoot } from "../common/package.ts";
import type { StaticFile } from "./assets.ts";

export interface Views {
  render(view: string, locals: Record<string, unknown>): string;
}

/** How templates are read; the build compiles them with the same. */
export const templateOptions = { autoescape: true, trimBlocks: true, lstripBlocks: true };

/**
 * The templates of views/. A built program has them compiled (dist/views.js), so that nothing is compiled at a user's
 * start; from the sources they are read and compiled when they are first shown. `templates` are taken instead.
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
  environment.addFilter("day", (moment: Timestamp) => dayFormat.format(new Date(moment)));
  environment.addFilter("month", (moment: Timestamp) => monthFormat.format(new Date(moment)));
  environment.addFilter("month_and_year", (moment: Timestamp) => yearFormat.format(new Date(moment)));
  environment.addFilter("exactly", (moment: Timestamp) => `${exactFormat.format(new Date(moment))} UTC`);
  return { render: (view, locals) => environment.render(view, locals) };
}

async function defaultTemplates(): Promise<nunjucks.ILoader> {
  if (import.meta.url.endsWith(".ts")) return new nunjucks.FileSystemLoader(path.join(packageRoot, "views"));
  return loadCompiledTemplates(new URL("../../views.js", import.meta.url));
}

/** Those that the build has compiled into this file. */
export async function loadCompiledTemplates(file: URL): Promise<nunjucks.ILoader> {
  const compiled = (await import(file.href)) as { default: unknown[] };
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

/** "3 minutes ago"; the largest unit that fits. */
function ago(moment: Timestamp): string {
  const seconds = (Date.now() - Date.parse(moment)) / 1000;
  const unit = units.find(([, size]) => seconds >= size);
  return unit ? agoFormat.format(-Math.floor(seconds / unit[1]), unit[0]) : "just now";
}
