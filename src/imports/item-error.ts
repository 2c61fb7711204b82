import { pythonStr } from "../common/python-repr.ts";

/** What is wrong with one item of an import, in Label Studio's words: which item (from 0), what, and the item itself. */
export function itemError(index: number, message: string, item: unknown): string {
  return `Error at item ${index}: ${message} :: ${pythonStr(item)}`;
}
