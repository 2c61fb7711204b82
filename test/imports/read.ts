import { readRecords } from "../../src/imports/read-records.ts";
import { RecordError } from "../../src/imports/record.ts";
import type { FileRecord } from "../../src/imports/record.ts";
import type { ImportFormat } from "../../src/repositories/jobs/imports.ts";

/** A file in chunks of a few bytes, so that every token is cut somewhere. */
export async function* file(content: string | Buffer, chunk = 3): AsyncGenerator<Buffer> {
  const bytes = Buffer.from(content);
  for (let start = 0; start < bytes.length; start += chunk) yield bytes.subarray(start, start + chunk);
}

/** The lines and values of records, and the line and message of the RecordError if there is one. */
export async function read(content: string | Buffer, format: Exclude<ImportFormat, "media">, chunk?: number) {
  const records: FileRecord[] = [];
  try {
    for await (const list of readRecords(file(content, chunk), format)) records.push(...list);
  } catch (error) {
    if (!(error instanceof RecordError)) throw error;
    return { records: withoutText(records), line: error.line, message: error.message };
  }
  return { records: withoutText(records) };
}

function withoutText(records: FileRecord[]) {
  return records.map(({ line, value }) => [line, value]);
}
