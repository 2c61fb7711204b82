import { RawJson, stringifyJson } from "../common/raw-json.ts";
import { pythonNumber } from "./python-numbers.ts";

/**
 * A value as pandas writes it into a CSV cell: numbers, True and False without quotes, all else in quotes, lists and objects
 * as JSON, null and undefined as `""`. A RawJson is a number from `parseLossless`.
 */
export function csvCell(value: unknown): string {
  if (typeof value === "number") return pythonNumber(value);
  if (value instanceof RawJson) return /[.e]/i.test(value.text) ? floatCell(Number(value.text)) : value.text;
  if (typeof value === "boolean") return value ? "True" : "False";
  if (value === null || value === undefined) return '""';
  return `"${(typeof value === "string" ? value : escapedJson(value)).replaceAll('"', '""')}"`;
}

/** A number of a column that may hold fractions always has one: `5.0`. */
export function floatCell(value: number | null): string {
  return Number.isSafeInteger(value) ? `${Object.is(value, -0) ? "-0" : value}.0` : csvCell(value);
}

/** JSON with escaped slashes, as in Label Studio's tables. */
export function escapedJson(value: unknown): string {
  return stringifyJson(value).replaceAll("/", "\\/");
}
