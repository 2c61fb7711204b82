const months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/** What a strftime directive reads at a position: as much as fits, never less, so that no format takes long. */
const directives: Record<string, RegExp> = {
  Y: /\d{4}/y,
  y: /\d{2}/y,
  m: /\d{1,2}/y,
  d: /\d{1,2}/y,
  e: /\s?\d{1,2}/y,
  H: /\d{1,2}/y,
  I: /\d{1,2}/y,
  M: /\d{1,2}/y,
  S: /\d{1,2}/y,
  f: /\d{1,9}/y,
  L: /\d{1,3}/y,
  p: /[ap]m/iy,
  b: /[a-z]{3}/iy,
  B: /[a-z]{3,9}/iy,
  Z: /Z|[+-]\d{2}:?\d{2}/y,
  z: /Z|[+-]\d{2}:?\d{2}/y,
  s: /\d{1,12}/y,
  Q: /\d{1,15}/y,
};

/**
 * Returns a function that reads the times of a series as numbers: in milliseconds since 1970 (UTC) by a strftime format, without
 * one a number as it is, or an ISO 8601 date. NaN for what can't be read.
 */
export function timeReader(format: string): (value: unknown) => number {
  const reader = format ? formatReader(format) : undefined;
  return (value) => {
    if (reader) return reader(String(value).trim());
    if (typeof value === "number") return value;
    if (typeof value !== "string" || value.trim() === "") return Number.NaN;
    const number = Number(value);
    return Number.isNaN(number) && /^\d{4}-\d\d/.test(value) ? Date.parse(value) : number;
  };
}

function formatReader(format: string): (text: string) => number {
  const [before = "", ...literals] = format.split(/%./);
  const order = [...format.matchAll(/%(.)/g)].map(([, directive = ""]) => directive);
  return (text) => {
    if (!text.startsWith(before)) return Number.NaN;
    const parts = new Map<string, string>();
    let at = before.length;
    for (const [index, directive] of order.entries()) {
      const part = matchAt(directives[directive], text, at);
      const literal = literals[index] ?? "";
      if (part === undefined || !text.startsWith(literal, at + part.length)) return Number.NaN;
      parts.set(directive, part.trim());
      at += part.length + literal.length;
    }
    return at < text.length ? Number.NaN : momentOf(parts);
  };
}

function matchAt(pattern: RegExp | undefined, text: string, at: number): string | undefined {
  if (!pattern) return undefined;
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

function momentOf(parts: ReadonlyMap<string, string>): number {
  const epoch = parts.get("Q") ?? parts.get("s");
  if (epoch !== undefined) return Number(epoch) * (parts.has("Q") ? 1 : 1000);
  const number = (directive: string) => Number(parts.get(directive) ?? Number.NaN);
  const short = number("y");
  const year = parts.has("y") ? short + (short < 69 ? 2000 : 1900) : number("Y") || 1900;
  const named = (parts.get("b") ?? parts.get("B"))?.slice(0, 3).toLowerCase();
  const month = named === undefined ? (number("m") || 1) - 1 : months.indexOf(named);
  const hour = parts.has("I") ? (number("I") % 12) + (/p/i.test(parts.get("p") ?? "") ? 12 : 0) : number("H") || 0;
  const fraction = parts.get("f") ?? parts.get("L");
  const milliseconds = fraction === undefined ? 0 : Number(`0.${fraction}`) * 1000;
  const day = number("d") || number("e") || 1;
  if (month < 0) return Number.NaN;
  return (
    Date.UTC(year, month, day, hour, number("M") || 0, number("S") || 0) +
    milliseconds -
    offsetOf(parts.get("Z") ?? parts.get("z"))
  );
}

/** The milliseconds of an offset from UTC, `+02:00`. */
function offsetOf(zone: string | undefined): number {
  const match = /^([+-])(\d\d):?(\d\d)$/.exec(zone ?? "");
  if (!match) return 0;
  return (match[1] === "-" ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3])) * 60_000;
}
