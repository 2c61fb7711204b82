import type { ByteRange } from "../common/file-folder.ts";

/**
 * The range that the header `Range` asks for, of a file of so many bytes. Undefined for the whole file: without the header, and for
 * several ranges or other units, which may be ignored. `unsatisfiable` where none of these bytes are there.
 */
export function parseByteRange(header: string, bytes: number): ByteRange | "unsatisfiable" | undefined {
  const [, first, last] = /^\s*bytes\s*=\s*(\d{0,15})\s*-\s*(\d{0,15})\s*$/i.exec(header) ?? [];
  if (first === undefined || last === undefined || (first === "" && last === "")) return undefined;
  if (first === "") {
    const count = Math.min(Number(last), bytes);
    return count === 0 ? "unsatisfiable" : { start: bytes - count, end: bytes };
  }
  const start = Number(first);
  const end = last === "" ? bytes : Math.min(Number(last) + 1, bytes);
  // A last byte before the first is no valid range, and ignored.
  if (last !== "" && Number(last) < start) return undefined;
  return start < bytes ? { start, end } : "unsatisfiable";
}
