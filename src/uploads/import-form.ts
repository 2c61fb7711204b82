import type { IncomingMessage } from "node:http";

import createError from "http-errors";

import { openUpload, discardUploads, storeChunks } from "./stream-to-storage.ts";
import type { ReceivedFile, IncomingFile, StoredFiles } from "./stream-to-storage.ts";

/** Bytes of all files of an import. */
export const largestImport = 200 * 1024 * 1024;

/** What a form may hold beside its files. */
const formOverhead = 1024 * 1024;

/** What a form with files of tasks held. */
export interface ImportForm {
  fields: Record<string, string>;
  files: ReceivedFile[];
  /** What was typed into the field `text`; undefined when that is nothing but blanks. */
  text: ReceivedFile | undefined;
}

/**
 * Keeps the files of a multipart form, piece by piece as they come; a long text is a file, too. Files that were chosen but
 * are empty are there, fields without a file are not. Throws 413 for more than 200 MB, 400 for what can't be read; nothing
 * is left then.
 */
export async function receiveImportForm(request: IncomingMessage, storedFiles: StoredFiles): Promise<ImportForm> {
  refuseLonger(request, largestImport + formOverhead);
  const { errors, formidable } = await import("formidable");
  const parts: { field: string; name: string }[] = [];
  const arriving: IncomingFile[] = [];
  let isOver = false;
  const form = formidable({
    fileWriteStreamHandler: () => {
      const begun = openUpload(storedFiles);
      arriving.push(begun);
      return isOver ? begun.stream.destroy() : begun.stream;
    },
    maxFiles: 100,
    maxFileSize: largestImport,
    maxTotalFileSize: largestImport,
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
  // Right before its bytes are asked where to go.
  form.on("fileBegin", (field, { originalFilename }) => parts.push({ field, name: originalFilename ?? "" }));
  try {
    await form.parse(request);
    const kept = await Promise.all(arriving.map((each) => each.kept));
    const all = kept.map((file, index) => ({ field: "", name: "", ...parts[index], ...file }));
    const files = all.filter(({ name }) => name !== "");
    const text = all.find((each) => each.field === "text" && each.name === "" && !isBlank(each));
    const unused = all.filter((each) => each !== text && !files.includes(each));
    await storedFiles.delete(unused.map(({ stored }) => stored));
    return { fields, files: files.map(withoutField), text: text && withoutField(text) };
  } catch (error) {
    isOver = true;
    const failure = await discardUploads(arriving, storedFiles);
    if (failure) throw failure;
    const { code } = error as { code?: number };
    const isTooLarge = [errors.biggerThanMaxFileSize, errors.biggerThanTotalMaxFileSize].includes(code ?? 0);
    throw isTooLarge ? tooLarge() : createError(400, "The files did not arrive whole. Send them again.");
  }
}

/** Keeps a request's body as it comes. Throws 413 for more than 200 MB, 400 for what breaks off; nothing is left then. */
export async function receiveImportBody(request: IncomingMessage, storedFiles: StoredFiles): Promise<ReceivedFile> {
  refuseLonger(request, largestImport);
  return { name: "", ...(await storeChunks(storedFiles, bodyOf(request))) };
}

async function* bodyOf(request: IncomingMessage): AsyncGenerator<Buffer> {
  let bytes = 0;
  try {
    // Whoever sends too much is still answered.
    for await (const chunk of request.iterator({ destroyOnReturn: false })) {
      bytes += chunk.length;
      if (bytes > largestImport) throw tooLarge();
      yield chunk;
    }
  } catch (error) {
    throw createError.isHttpError(error) ? error : createError(400, "The body did not arrive whole. Send it again.");
  }
}

/** Before anything is read. */
function refuseLonger({ headers }: IncomingMessage, most: number): void {
  if (Number(headers["content-length"]) > most) throw tooLarge();
}

function withoutField({ name, stored, bytes, firstBytes }: ReceivedFile): ReceivedFile {
  return { name, stored, bytes, firstBytes };
}

function isBlank({ bytes, firstBytes }: ReceivedFile): boolean {
  return firstBytes.length === bytes && firstBytes.toString("utf8").trim() === "";
}

function tooLarge(): Error {
  return createError(413, "This is larger than 200 MB. Send it in several parts.");
}
