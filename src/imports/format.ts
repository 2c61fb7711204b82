import { isUtf8 } from "node:buffer";
import path from "node:path";

import { utf16Encoding } from "./decoded-text.ts";
import type { ImportFormat } from "../repositories/jobs/imports.ts";

type FileFormat = Exclude<ImportFormat, "storage">;

const extensions: Record<FileFormat, string[]> = {
  json: [".json"],
  jsonl: [".jsonl", ".ndjson"],
  csv: [".csv"],
  tsv: [".tsv"],
  txt: [".txt"],
  media: ".bmp .gif .jpg .jpeg .png .svg .webp .flac .m4a .mp3 .ogg .wav .mp4 .webm .pdf".split(" "),
  document: [".htm", ".html", ".xml"],
};

const byExtension = new Map(
  (Object.keys(extensions) as FileFormat[]).flatMap((format) =>
    extensions[format].map((each) => [each, format] as const),
  ),
);

/** What people may choose to import, as the attribute `accept` of a form has it. */
export const acceptedFiles = [...byExtension.keys()].join(",");

/** Pictures and recordings that browsers don't show. */
const otherMediaExtension = /\.(?:tiff?|heic|avi|mov|mkv|wma|aiff?|docx?|pptx?)$/i;

/**
 * The format of an import file: by the extension of its name, else by its content. Undefined when it is empty, is not text in
 * UTF-8 or UTF-16, or is a picture or a recording that browsers don't show.
 */
export function detectFormat(filename: string, firstBytes: Uint8Array): ImportFormat | undefined {
  return formatFromName(filename) ?? (isOtherMedia(filename) ? undefined : formatFromContent(firstBytes));
}

/** Whether a file's name is that of a document, a picture or a recording that browsers don't show. */
export function isOtherMedia(filename: string): boolean {
  return otherMediaExtension.test(filename);
}

export function formatFromName(filename: string): ImportFormat | undefined {
  return byExtension.get(path.extname(filename).toLowerCase());
}

/** Whether pasted data is a URL, such as `https://example.com/tasks.json`, rather than tasks. */
export function isUrl(source: unknown): boolean {
  return typeof source === "string" && /^\s*[a-z][a-z0-9+.-]*:\/\/\S+\s*$/i.test(source);
}

/** What separates the columns of a CSV file: what its first line has most of, and a comma in doubt. */
export function csvDelimiter(firstLine: string): "," | ";" | "\t" {
  const commas = count(firstLine, ",");
  const semicolons = count(firstLine, ";");
  if (count(firstLine, "\t") > Math.max(commas, semicolons)) return "\t";
  return semicolons > commas ? ";" : ",";
}

/** The separator that the first line of a file names, as Excel writes and reads it: `sep=;`. */
export function namedDelimiter(firstLine: string): string | undefined {
  return /^(?:sep=(.)|"sep=([^"])")$/i.exec(firstLine)?.slice(1).find(Boolean);
}

function formatFromContent(bytes: Uint8Array): ImportFormat | undefined {
  const text = decodeStart(bytes);
  if (text === undefined) return undefined;
  if (text.startsWith("[")) return "json";
  const [first = "", second = ""] = text.split(/\r?\n/, 2);
  if (text.startsWith("{")) return isJson(first) && second.startsWith("{") ? "jsonl" : "json";
  if (first.includes("\t")) return "tsv";
  return /[,;]/.test(first) ? "csv" : "txt";
}

/** The last bytes may be a character that was cut. */
function decodeStart(bytes: Uint8Array): string | undefined {
  const encoding = utf16Encoding(bytes);
  if (encoding)
    return new TextDecoder(encoding).decode(bytes.subarray(0, bytes.length - (bytes.length % 2))).trimStart();
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
