import { z } from "zod";

import { formatFromName, detectFormat, isUrl, isMediaFile } from "../imports/format.ts";
import type { ImportFile } from "../repositories/jobs/import-file.ts";
import type { ImportFormat } from "../repositories/jobs/import-file.ts";

/** A file as it arrived, with what it begins with. */
type Arrived = Pick<ImportFile, "name" | "stored" | "bytes"> & { firstBytes: Buffer };

/**
 * What the page of imports sends: files and a pasted text as they arrived, and the format to read them in. `keys` are the
 * fields that the labeling setup needs.
 */
export function importForm(keys: string[]) {
  const sent = z.object({
    format: z.enum(["auto", "json", "jsonl", "csv", "tsv", "txt"], "Choose one of these formats.").default("auto"),
    files: z.array(z.custom<Arrived>()),
    text: z.custom<Arrived>().optional(),
  });
  return sent.transform(({ format, ...arrived }, context): ImportFile[] => {
    const text = arrived.text ? [arrived.text] : [];
    const withFormat = ({ firstBytes, ...file }: Arrived): ImportFile[] => {
      const known = format === "auto" ? foundFormat(file.name, firstBytes, keys) : format;
      return known ? [{ ...file, format: known }] : [];
    };
    const unknown = arrived.files.filter((file) => withFormat(file).length === 0);
    const refuse = (field: "files" | "text", message: string) =>
      context.addIssue({ code: "custom", path: [field], message });
    if (arrived.files.length + text.length === 0) refuse("files", "Choose a file, or paste your data below.");
    else if (unknown.length) refuse("files", unknownFiles(unknown));
    else if (format !== "txt" && text.some((each) => isUrl(wholeText(each)))) refuse("text", noAddress);
    else if (text.some((each) => withFormat(each).length === 0)) refuse("text", noText);
    return [...arrived.files, ...text].flatMap(withFormat);
  });
}

/** A column that was copied with its name looks like lines of text. */
function foundFormat(name: string, firstBytes: Buffer, keys: string[]): ImportFormat | undefined {
  const format = detectFormat(name, firstBytes);
  if (format !== "txt" || formatFromName(name)) return format;
  const [firstLine = ""] = firstBytes
    .toString("utf8")
    .trimStart()
    .split(/[\r\n]/, 1);
  return keys.includes(firstLine.trim()) ? "csv" : format;
}

const noText = "This can't be read as text. Choose a file instead.";
const noAddress = "Nothing is fetched from other servers. Download the file, and choose it above.";

function unknownFiles(files: Arrived[]): string {
  const names = files.map(({ name }) => `“${name}”`).join(", ");
  const what = files.length === 1 ? "is no file of tasks" : "are no files of tasks";
  return `${names} ${what}. ${insteadOf(files)}`;
}

function insteadOf(files: Arrived[]): string {
  if (files.some(({ name }) => isMediaFile(name)))
    return "Images and recordings are imported as addresses, in a file of tasks.";
  if (files.some(({ name }) => /\.(?:xlsx?|ods)$/i.test(name))) return "Save a spreadsheet as CSV, and choose that.";
  return "Choose JSON, JSON Lines, CSV, TSV or plain text.";
}

/** Undefined when it is long. */
function wholeText({ bytes, firstBytes }: Arrived): string | undefined {
  return firstBytes.length === bytes ? firstBytes.toString("utf8") : undefined;
}
