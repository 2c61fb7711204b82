import { isObject } from "../../common/is-object.ts";
import { limits } from "../../common/limits.ts";

const names = ["id", "from_name", "to_name", "type"];

/** Why a result is too large to be kept, and what to do; undefined if it is not. */
export function resultLimitError(result: unknown[]): string | undefined {
  if (result.length > limits.resultEntries)
    return `"result" has more than ${limits.resultEntries} entries: spread them over several annotations or predictions.`;
  const long = names.find((name) => result.some((entry) => isObject(entry) && isLong(entry[name])));
  return long && `"${long}" in "result" is longer than ${limits.controlName} characters: use a shorter one.`;
}

/** Why a list is no result; undefined if it is one. */
export function resultEntryError(result: unknown[]): string | undefined {
  return result.every(isObject) ? undefined : 'Each item in "result" should be dict.';
}

function isLong(name: unknown): boolean {
  return typeof name === "string" && name.length > limits.controlName;
}
