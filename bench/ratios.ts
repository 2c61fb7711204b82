import { mkdirSync, writeFileSync } from "node:fs";
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

/** Prints the figures as a table of Markdown, and writes them as JSON to `bench/results/`. */
export function reportRatios(name: string, rows: Ratio[]): void {
  console.log("\n| what | is | should be | is it so |\n| --- | ---: | --- | --- |");
  for (const row of rows) {
    const { what, ratio, target, isLeast = false, unit = "times" } = row;
    const bound = isLeast ? "at least" : "at most";
    console.log(
      `| ${what} | ${ratio.toFixed(2)} ${unit} | ${bound} ${target.toFixed(2)} | ${holds(row) ? "yes" : "no"} |`,
    );
  }
  const folder = path.join(import.meta.dirname, "results");
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, `${name}.json`), `${JSON.stringify(rows, null, 2)}\n`);
}

function holds({ ratio, target, isLeast }: Ratio): boolean {
  return isLeast ? ratio >= target : ratio <= target;
}
