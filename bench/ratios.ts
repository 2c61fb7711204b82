/** One measured figure: usually a ratio of two things that were measured in the same rounds. */
export interface Ratio {
  what: string;
  ratio: number;
  /** What it should be at most. */
  target: number;
  /** Of a figure that is no ratio. */
  unit?: string;
}

export function printRatios(rows: Ratio[]): void {
  const describe = (value: number, unit = "times") => `${value.toFixed(2)} ${unit}`;
  for (const { what, ratio, target, unit } of rows)
    console.log(
      `${what}: ${describe(ratio, unit)}, at most ${describe(target, unit)}: ${ratio <= target ? "yes" : "no"}`,
    );
}
