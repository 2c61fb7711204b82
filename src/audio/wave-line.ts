import type { Peak } from "./peaks.ts";

/** The picture of a wave, which a page stretches: so many parts wide, and so high. */
export const waveWidth = 500;
export const waveHeight = 100;

/** The `d` of an SVG path: a line from the lowest to the highest sample of each part. */
export function waveLine(peaks: readonly Peak[]): string {
  const y = (value: number) => Math.round(((1 - value) / 2) * waveHeight);
  const x = (index: number) => Math.round(((index + 0.5) / peaks.length) * waveWidth * 10) / 10;
  // Of silence there is a line, too.
  return peaks
    .map(([lowest, highest], index) => `M${x(index)} ${y(highest)}V${Math.max(y(lowest), y(highest) + 1)}`)
    .join("");
}
