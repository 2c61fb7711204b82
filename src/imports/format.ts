import { isUtf8 } from "node:buffer";
import path from "node:path";

import type { ImportFormat } from "../repositories/jobs/import-file.ts";

const byExtension: Record<string, ImportFormat> = {
  ".json": "json",
  ".jsonl": "jsonl",
  ".ndjson": "jsonl",
  ".csv": "csv",
  ".tsv": "tsv",
  ".txt": "txt",
};

/** Some of these begin like a text. */
const media = /\.(?:html?|xml|svg|pdf|bmp|gif|jpe?g|png|webp|tiff?|flac|m4a|mp3|ogg|wav|mp4|webm|mov)$/i;

/**
 * What a file of tasks is written in: by the extension of its name, else by how it begins. Undefined when it holds no text,
 * or none in UTF-8, or is a document, a picture or a recording.
 */
export function formatOf(filename: string, firstBytes: Uint8Array): ImportFormat | undefined {
  return formatByName(filename) ?? (isMedia(filename) ? undefined : formatByLook(firstBytes));
}

/** Says whether a file's name is that of a document, a picture or a recording. */
export function isMedia(filename: string): boolean {
  return media.test(filename);
}

export function formatByName(filename: string): ImportFormat | undefined {
  return byExtension[path.extname(filename).toLowerCase()];
}

/** Says whether a source is an address, such as `https://example.com/tasks.json`, rather than tasks. */
export function isAddress(source: unknown): boolean {
  return typeof source === "string" && /^\s*[a-z][a-z0-9+.-]*:\/\/\S+\s*$/i.test(source);
}

/** A semicolon when the first line of a CSV file has more of those than commas, else a comma. */
export function delimiterOf(firstLine: string): ";" | "," {
  return count(firstLine, ";") > count(firstLine, ",") ? ";" : ",";
}

function formatByLook(bytes: Uint8Array): ImportFormat | undefined {
  const text = textOf(bytes);
  if (text === undefined) return undefined;
  if (text.startsWith("[")) return "json";
  const [first = "", second = ""] = text.split(/\r?\n/, 2);
  if (text.startsWith("{")) return isJson(first) && second.startsWith("{") ? "jsonl" : "json";
  if (first.includes("\t")) return "tsv";
  return /[,;]/.test(first) ? "csv" : "txt";
}

/** The last bytes may be the beginning of a character. */
function textOf(bytes: Uint8Array): string | undefined {
  const cuts = [0, 1, 2, 3].map((cut) => bytes.subarray(0, Math.max(0, bytes.length - cut)));
  const whole = bytes.includes(0) ? undefined : cuts.find((cut) => isUtf8(cut));
  return whole?.length ? new TextDecoder().decode(whole).trimStart() : undefined;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function count(text: string, character: string): number {
  return text.split(character).length - 1;
}
