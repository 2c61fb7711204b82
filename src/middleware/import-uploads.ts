import { randomUUID } from "node:crypto";
import { createWriteStream } from "node:fs";
import { open, rm, stat } from "node:fs/promises";
import type { IncomingMessage } from "node:http";
import path from "node:path";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";

import createError from "http-errors";

/** Bytes of all files of an import. */
export const largestImport = 200 * 1024 * 1024;

/** What a form may hold beside its files. */
const formOverhead = 1024 * 1024;

/** A file that arrived: as its sender calls it, and under which name it lies in the folder. */
export interface Arrived {
  name: string;
  stored: string;
  bytes: number;
  /** What it begins with, enough to tell its kind. */
  firstBytes: Buffer;
}

/** What a form with files of tasks held. */
export interface ImportForm {
  fields: Record<string, string>;
  files: Arrived[];
  /** What was typed into the field `text`; undefined when that is nothing but blanks. */
  text: Arrived | undefined;
}

/**
 * Writes the files of a multipart form into a folder, piece by piece as they come; a long text is a file, too. Files that
 * were chosen but are empty are there, fields without a file are not. Throws 413 for more than 200 MB, 400 for what can't be
 * read; nothing is left in the folder then.
 */
export async function receiveImportForm(request: IncomingMessage, folder: string): Promise<ImportForm> {
  refuseLonger(request, largestImport + formOverhead);
  const { errors, formidable } = await import("formidable");
  const stored: string[] = [];
  const form = formidable({
    uploadDir: folder,
    filename: () => {
      const name = randomUUID();
      stored.push(name);
      return name;
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
  try {
    const [, parsed] = await form.parse(request);
    const all = await Promise.all(
      Object.entries(parsed).flatMap(([field, files]) =>
        (files ?? []).map(async (file) => ({
          field,
          arrived: await arrived(folder, file.newFilename, file.originalFilename ?? ""),
        })),
      ),
    );
    // They were told in the order in which they were written.
    all.sort((one, other) => stored.indexOf(one.arrived.stored) - stored.indexOf(other.arrived.stored));
    const files = all.filter(({ arrived: { name } }) => name !== "").map((each) => each.arrived);
    const text = all.find(
      ({ field, arrived }) => field === "text" && arrived.name === "" && !isBlank(arrived),
    )?.arrived;
    const unused = all.map((each) => each.arrived).filter((each) => each !== text && !files.includes(each));
    await remove(
      folder,
      unused.map((each) => each.stored),
    );
    return { fields, files, text };
  } catch (error) {
    await remove(folder, stored);
    const { code } = error as { code?: number };
    const isTooLarge = [errors.biggerThanMaxFileSize, errors.biggerThanTotalMaxFileSize].includes(code ?? 0);
    throw isTooLarge ? tooLarge() : createError(400, "The files did not arrive whole. Send them again.");
  }
}

/** Writes a request's body into a folder as it comes. Throws 413 for more than 200 MB. */
export async function receiveImportBody(request: IncomingMessage, folder: string): Promise<Arrived> {
  refuseLonger(request, largestImport);
  const stored = randomUUID();
  let bytes = 0;
  const counted = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      done(bytes > largestImport ? tooLarge() : null, chunk);
    },
  });
  try {
    await pipeline(request, counted, createWriteStream(path.join(folder, stored), { mode: 0o600 }));
  } catch (error) {
    await remove(folder, [stored]);
    throw error instanceof createError.HttpError
      ? error
      : createError(400, "The body did not arrive whole. Send it again.");
  }
  return arrived(folder, stored, "");
}

/** Before anything is read. */
function refuseLonger({ headers }: IncomingMessage, most: number): void {
  if (Number(headers["content-length"]) > most) throw tooLarge();
}

async function arrived(folder: string, stored: string, name: string): Promise<Arrived> {
  const file = path.join(folder, stored);
  const { size } = await stat(file);
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(Math.min(size, 64 * 1024)), 0);
    return { name, stored, bytes: size, firstBytes: buffer.subarray(0, bytesRead) };
  } finally {
    await handle.close();
  }
}

function isBlank({ bytes, firstBytes }: Arrived): boolean {
  return firstBytes.length === bytes && firstBytes.toString("utf8").trim() === "";
}

async function remove(folder: string, names: string[]): Promise<void> {
  for (const name of names) await rm(path.join(folder, name), { force: true });
}

function tooLarge(): Error {
  return createError(413, "This is larger than 200 MB. Send it in several parts.");
}
