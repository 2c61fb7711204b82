/** The part of a series that is shown, from 0 to 1 of its width. */
export interface SeriesWindow {
  from: number;
  to: number;
}

/** All of a series. */
export const wholeSeries: SeriesWindow = { from: 0, to: 1 };

/** Reads what `formatWindow` has written, with the word of a button or without; all of a series for anything else. */
export function parseWindow(text: string | undefined): SeriesWindow {
  const [, first, last] = /^(\d(?:\.\d{1,12})?)-(\d(?:\.\d{1,12})?)(?: [a-z]+)?$/.exec(text ?? "") ?? [];
  const [from, to] = [Number(first), Number(last)];
  return from < to && to <= 1 ? { from, to } : wholeSeries;
}

export function formatWindow({ from, to }: SeriesWindow): string {
  return [from, to].map((share) => String(Number(share.toFixed(9)))).join("-");
}

/** A window of this width around a place, within the series. */
export function windowAround(middle: number, width: number): SeriesWindow {
  if (width >= 1) return wholeSeries;
  const from = Math.max(0, Math.min(1 - width, middle - width / 2));
  return { from, to: from + width };
}

/** Where a place of the series is in the window, from 0 to 1 of its width. */
export function shareInWindow({ from, to }: SeriesWindow, share: number): number {
  return (share - from) / (to - from);
}

/** The other way round. */
export function shareOfSeries({ from, to }: SeriesWindow, share: number): number {
  return from + share * (to - from);
}
