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

const file = path.join(import.meta.dirname, "ratios.json");

/** A ratio that is worse than before by more than this factor is a fault. */
const tolerance = 1.5;

export function readRatios(): RatioTable {
  return JSON.parse(readFileSync(file, "utf8")) as RatioTable;
}

/** Replaces the same figures of a measurement, of which only a part may have been measured, and adds new ones. */
export function saveRatios(name: string, rows: Ratio[]): void {
  const table = readRatios();
  const byName = new Map([...(table[name] ?? []), ...rows].map((row) => [row.what, row]));
  table[name] = [...byName.values()];
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
