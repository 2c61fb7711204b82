import * as z from "zod";

import { detectFormat, formatFromName, isOtherMedia, isUrl } from "../imports/format.ts";
import { isOneTask } from "../imports/task-parser.ts";
import type { ImportFile, ImportFormat } from "../repositories/jobs/imports.ts";

/** An uploaded file, with its first bytes for detecting the format. */
type UploadedFile = Pick<ImportFile, "name" | "stored" | "bytes"> & { firstBytes: Buffer };

/**
 * The import form: uploaded files, pasted text as one more file, and the format of all of them. `keys` are the data
 * fields that the label config needs.
 */
export function importForm(keys: string[]) {
  const fields = z.object({
    format: z.enum(["auto", "json", "jsonl", "csv", "tsv", "txt"], "Choose one of these formats.").default("auto"),
    files: z.array(z.custom<UploadedFile>()),
    text: z.custom<UploadedFile>().optional(),
  });
  return fields.transform(({ format, ...uploads }, context): ImportFile[] => {
    const text = uploads.text ? [uploads.text] : [];
    const withFormat = ({ firstBytes, ...file }: UploadedFile): ImportFile[] => {
      const named = formatFromName(file.name);
      const isFixed = format === "auto" || (named !== undefined && isOneTask(named));
      const detected = isFixed ? detectFormatWithKeys(file.name, firstBytes, keys) : format;
      return detected ? [{ ...file, format: detected }] : [];
    };
    const unknown = uploads.files.filter((file) => withFormat(file).length === 0);
    const addError = (field: "files" | "text", message: string) =>
      context.addIssue({ code: "custom", path: [field], message });
    if (uploads.files.length + text.length === 0) addError("files", "Choose a file, or paste your data below.");
    else if (unknown.length) addError("files", unknownFilesError(unknown));
    else if (isMixed(uploads.files.flatMap(withFormat), text)) addError("files", mixedFiles);
    else if (format !== "txt" && text.some((each) => isUrl(completeText(each)))) addError("text", addressPasted);
    else if (text.some((each) => withFormat(each).length === 0)) addError("text", unreadableText);
    return [...uploads.files, ...text].flatMap(withFormat);
  });
}

/** A pasted column with its heading would pass for lines of text: a first line that names a data field makes it CSV. */
function detectFormatWithKeys(name: string, firstBytes: Buffer, keys: string[]): ImportFormat | undefined {
  const format = detectFormat(name, firstBytes);
  if (format !== "txt" || formatFromName(name)) return format;
  const [firstLine = ""] = firstBytes
    .toString("utf8")
    .trimStart()
    .split(/[\r\n]/, 1);
  return keys.includes(firstLine.trim()) ? "csv" : format;
}

/** Whether there are files that become one task each, and tasks beside them. */
function isMixed(files: ImportFile[], text: UploadedFile[]): boolean {
  const single = files.filter(({ format }) => isOneTask(format));
  return single.length > 0 && (single.length < files.length || text.length > 0);
}

const mixedFiles =
  "Files of tasks and images, recordings or documents can't be mixed. Import them one after the other.";
const unreadableText = "This can't be read as text. Choose a file instead.";
const addressPasted = "Nothing is fetched from other servers. Download the file and choose it above.";

function unknownFilesError(files: UploadedFile[]): string {
  const names = files.map(({ name }) => `“${name}”`).join(", ");
  return `${names} can't be imported. ${adviceFor(files)}`;
}

function adviceFor(files: UploadedFile[]): string {
  if (files.some(({ name }) => isOtherMedia(name)))
    return "Browsers show PNG, JPEG, GIF, WebP, BMP and SVG images, MP3, WAV, Ogg, FLAC and M4A recordings, MP4 and WebM videos, and PDF. Convert it to one of these.";
  if (files.some(({ name }) => /\.(?:xlsx?|ods)$/i.test(name))) return "Save the spreadsheet as CSV and choose that.";
  return "Choose a file of tasks (JSON, JSON Lines, CSV, TSV or plain text), or images, recordings and documents.";
}

/** The text of a file, or undefined if the file is longer than its first bytes. */
function completeText({ bytes, firstBytes }: UploadedFile): string | undefined {
  return firstBytes.length === bytes ? firstBytes.toString("utf8") : undefined;
}
