import { RawJson, stringifyJson } from "../common/raw-json.ts";

/**
 * A value in a table: numbers, True and False as they are, all else in quotes, lists and objects as JSON, nothing as `""`. A
 * JsonText is a number that `exact` kept.
 */
export function cell(value: unknown): string {
  if (typeof value === "number") return numberText(value);
  if (value instanceof RawJson) return /[.e]/i.test(value.text) ? fractionCell(Number(value.text)) : value.text;
  if (typeof value === "boolean") return value ? "True" : "False";
  if (value === null || value === undefined) return '""';
  return `"${(typeof value === "string" ? value : json(value)).replaceAll('"', '""')}"`;
}

/** A number that may have a fraction has one: `5.0`. */
export function fractionCell(value: number | null): string {
  return Number.isSafeInteger(value) ? `${Object.is(value, -0) ? "-0" : value}.0` : cell(value);
}

/** JSON as upstream writes it, where a slash is escaped: a table's cells are compared as text. */
export function json(value: unknown): string {
  return stringifyJson(value).replaceAll("/", "\\/");
}

/** As Python writes numbers: an exponent below 0.0001 and, for fractions, from 1e16 on, of two digits at least. */
function numberText(value: number): string {
  if (Number.isSafeInteger(value)) return String(value);
  const [digits = "", exponent = "0"] = value.toExponential().split("e");
  const power = Number(exponent);
  if (power >= -4 && power < 16) return String(value);
  return `${digits}e${power < 0 ? "-" : "+"}${String(Math.abs(power)).padStart(2, "0")}`;
}
