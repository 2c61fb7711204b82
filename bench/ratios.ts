import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

/** One measured figure: usually a ratio of two things that were measured in the same rounds, so that it holds for every machine. */
export interface Ratio {
  what: string;
  ratio: number;
  /** What it should be at most, or at least. */
  target: number;
  isLeast?: boolean;
  /** Of a figure that is no ratio. */
  unit?: string;
}

/** The last figures of each measurement, by its name: what docs/performance.md tells of, and what the guard compares with. */
type RatioTable = Record<string, Ratio[]>;

/** What the figures of the table were measured on; those of another version have its number in their name. */
const usualNode = "20";

const file = path.join(import.meta.dirname, "ratios.json");

/** A ratio that is worse than before by more than this factor is a fault. */
const tolerance = 1.5;

export function readRatios(): RatioTable {
  return JSON.parse(readFileSync(file, "utf8")) as RatioTable;
}

/** The figures of a measurement to compare with on this version of Node: its own, and those of the usual one for what it has none of. */
export function ratiosToCompareWith(name: string): Ratio[] {
  const table = readRatios();
  const own = table[nameOnThisNode(name)] ?? [];
  return [...own, ...(table[name] ?? []).filter(({ what }) => own.every((row) => row.what !== what))];
}

function nameOnThisNode(name: string): string {
  const [major = ""] = process.versions.node.split(".");
  return major === usualNode ? name : `${name} on Node ${major}`;
}

/** Replaces the same figures of a measurement on this version of Node, of which only a part may have been measured, and adds new ones. */
export function saveRatios(name: string, rows: Ratio[]): void {
  const table = readRatios();
  const key = nameOnThisNode(name);
  const byName = new Map([...(table[key] ?? []), ...rows].map((row) => [row.what, row]));
  table[key] = [...byName.values()];
  writeFileSync(file, `${JSON.stringify(table, null, 2)}\n`);
}

/** Prints figures as a table of Markdown. */
export function printRatios(rows: Ratio[]): void {
  console.log("\n| what | is | should be | is it so |\n| --- | ---: | --- | --- |");
  for (const row of rows) {
    const { what, ratio, target, isLeast = false, unit = "times" } = row;
    const bound = isLeast ? "at least" : "at most";
    const show = (value: number) => (unit === "times" ? value.toFixed(2) : `${Number(value.toFixed(4))}`);
    console.log(`| ${what} | ${show(ratio)} ${unit} | ${bound} ${show(target)} | ${holds(row) ? "yes" : "no"} |`);
  }
}

/** Whether a figure is worse by more than a third of what it was, for better or worse machines. */
export function isMuchWorse(now: Ratio, before: Ratio): boolean {
  return now.isLeast ? now.ratio * tolerance < before.ratio : now.ratio > before.ratio * tolerance;
}

function holds({ ratio, target, isLeast }: Ratio): boolean {
  return isLeast ? ratio >= target : ratio <= target;
}
