import type { IncomingMessage } from "node:http";
import { Writable } from "node:stream";

import { avatarLimits, ImageError } from "../avatars.ts";

/** The one image of a multipart form, in memory. Throws ImageError when there is none or it is too large. */
export async function receiveImage(request: IncomingMessage): Promise<{ name: string; bytes: Buffer }> {
  if (!request.headers["content-type"]?.startsWith("multipart/form-data"))
    throw new ImageError("Choose an image first.");
  const { errors, formidable } = await import("formidable");
  const chunks: Buffer[] = [];
  const form = formidable({
    maxFiles: 1,
    maxFields: 10,
    maxFieldsSize: 10_000,
    maxFileSize: avatarLimits.bytes,
    allowEmptyFiles: true,
    minFileSize: 0,
    fileWriteStreamHandler: () =>
      new Writable({
        write(chunk: Buffer, _encoding, done) {
          chunks.push(chunk);
          done();
        },
      }),
  });
  const [, files] = await form.parse(request).catch((error: { code?: number }) => {
    if (error.code === errors.biggerThanMaxFileSize || error.code === errors.biggerThanTotalMaxFileSize)
      throw new ImageError("This image is larger than 1024 KB. Choose a smaller one.");
    throw new ImageError("No image arrived. Choose one and try again.");
  });
  const file = Object.values(files).flat()[0];
  if (!file?.originalFilename) throw new ImageError("Choose an image first.");
  return { name: file.originalFilename, bytes: Buffer.concat(chunks) };
}
