import type { IncomingMessage } from "node:http";

import createError from "http-errors";

import { limits } from "../common/limits.ts";
import { formatFromName } from "../imports/format.ts";
import { isOneTask } from "../imports/task-parser.ts";
import { discardUploads, openUpload, storeChunks } from "./stream-to-storage.ts";
import type { ReceivedFile, StoredFiles, Upload } from "./stream-to-storage.ts";

/** The limit for all files of an import together. */
export const maxImportBytes = limits.importMegabytes * 1024 * 1024;

/** Bytes that a form may have besides its files. */
const formOverhead = 1024 * 1024;

/** The fields and files of a multipart form. */
export interface ImportForm {
  fields: Record<string, string>;
  files: ReceivedFile[];
  /** The value of the field `text` as a file, since it may be long; undefined if it is blank. */
  text: ReceivedFile | undefined;
}

/**
 * Streams the files of a multipart form, and its field `text`, to the stored files. Empty files are included, file
 * fields without a chosen file are not. Throws 413 for more than 200 MB and 400 for a form that can't be read, and then
 * deletes what was stored.
 */
export async function receiveImportForm(request: IncomingMessage, storedFiles: StoredFiles): Promise<ImportForm> {
  rejectLarger(request, maxImportBytes + formOverhead);
  const { errors, formidable } = await import("formidable");
  const parts: { field: string; name: string }[] = [];
  const uploads: Upload[] = [];
  let isOver = false;
  const form = formidable({
    fileWriteStreamHandler: () => {
      const format = formatFromName(parts.at(-1)?.name ?? "");
      const upload = openUpload(storedFiles, { is_upload: format !== undefined && isOneTask(format) });
      uploads.push(upload);
      return isOver ? upload.stream.destroy() : upload.stream;
    },
    maxFiles: limits.importFiles,
    maxFileSize: maxImportBytes,
    maxTotalFileSize: maxImportBytes,
    maxFields: 50,
    maxFieldsSize: 1_000_000,
    allowEmptyFiles: true,
    minFileSize: 0,
  });
  form.onPart = (part) => {
    const isFile = part.originalFilename !== null || part.name === "text";
    part.mimetype = isFile ? "application/octet-stream" : null;
    part.originalFilename ??= "";
    form._handlePart(part);
  };
  const fields: Record<string, string> = {};
  form.on("field", (name, value) => (fields[name] = value));
  // formidable emits this right before it calls fileWriteStreamHandler for the same part.
  form.on("fileBegin", (field, { originalFilename }) => parts.push({ field, name: originalFilename ?? "" }));
  try {
    await form.parse(request);
    const stored = await Promise.all(uploads.map((each) => each.result));
    const received = stored.map((file, index) => ({ field: "", name: "", ...parts[index], ...file }));
    const files = received.filter(({ name }) => name !== "");
    const text = received.find((each) => each.field === "text" && each.name === "" && !isBlank(each));
    const unused = received.filter((each) => each !== text && !files.includes(each));
    await storedFiles.delete(unused.map(({ stored }) => stored));
    return { fields, files: files.map(withoutField), text: text && withoutField(text) };
  } catch (error) {
    isOver = true;
    const failure = await discardUploads(uploads, storedFiles);
    if (failure) throw failure;
    const { code } = error as { code?: number };
    const isTooLarge = [errors.biggerThanMaxFileSize, errors.biggerThanTotalMaxFileSize].includes(code ?? 0);
    throw isTooLarge ? tooLarge() : createError(400, "The files arrived incomplete. Send them again.");
  }
}

/**
 * Streams a request's body to a stored file. Throws 413 for more than 200 MB and 400 for an incomplete body, and then
 * deletes what was stored.
 */
export async function receiveImportBody(request: IncomingMessage, storedFiles: StoredFiles): Promise<ReceivedFile> {
  rejectLarger(request, maxImportBytes);
  return { name: "", ...(await storeChunks(storedFiles, bodyOf(request))) };
}

async function* bodyOf(request: IncomingMessage): AsyncGenerator<Buffer> {
  let bytes = 0;
  try {
    // The stream stays open after the limit, so that the client gets its 413.
    for await (const chunk of request.iterator({ destroyOnReturn: false })) {
      bytes += chunk.length;
      if (bytes > maxImportBytes) throw tooLarge();
      yield chunk;
    }
  } catch (error) {
    throw createError.isHttpError(error) ? error : createError(400, "The body arrived incomplete. Send it again.");
  }
}

/** Refuses by `Content-Length`, before anything is read. */
function rejectLarger({ headers }: IncomingMessage, maxBytes: number): void {
  if (Number(headers["content-length"]) > maxBytes) throw tooLarge();
}

function withoutField({ name, stored, bytes, sha256, firstBytes }: ReceivedFile): ReceivedFile {
  return { name, stored, bytes, sha256, firstBytes };
}

function isBlank({ bytes, firstBytes }: ReceivedFile): boolean {
  return firstBytes.length === bytes && firstBytes.toString("utf8").trim() === "";
}

function tooLarge(): Error {
  return createError(413, `This is larger than ${limits.importMegabytes} MB. Send it in several parts.`);
}
