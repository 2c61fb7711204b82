import type { IncomingMessage } from "node:http";
import { Writable } from "node:stream";

import { imageLimits } from "../images/thumbnail.ts";

/** The fields and the image of a multipart form. */
export interface ImageForm {
  fields: Record<string, string>;
  image: { name: string; type: string | null; bytes: Buffer } | undefined;
  /** Why the image can't be used; the fields are there nevertheless. */
  error: string | undefined;
  is_too_large: boolean;
}

const noImageError = "No image arrived. Choose one and try again.";

/** Reads a multipart form into memory. The first of its files is the image. */
export async function receiveImageForm(request: IncomingMessage): Promise<ImageForm> {
  const { errors, formidable } = await import("formidable");
  const received: ImageForm = { fields: {}, image: undefined, error: undefined, is_too_large: false };
  const files: Buffer[][] = [];
  const form = formidable({
    maxFiles: 5,
    maxTotalFileSize: 5 * imageLimits.bytes,
    maxFields: 50,
    maxFieldsSize: 1_000_000,
    maxFileSize: imageLimits.bytes,
    allowEmptyFiles: true,
    minFileSize: 0,
    fileWriteStreamHandler: () => {
      const chunks: Buffer[] = [];
      files.push(chunks);
      return new Writable({
        write(chunk: Buffer, _encoding, done) {
          chunks.push(chunk);
          done();
        },
      });
    },
  });
  // A part with a content type but without a file name is a field: clients send objects so, as JSON.
  form.onPart = (part) => {
    if (part.originalFilename === null) part.mimetype = null;
    form._handlePart(part);
  };
  form.on("field", (name, value) => (received.fields[name] = value));
  try {
    const [, parsed] = await form.parse(request);
    const file = Object.values(parsed).flat()[0];
    if (file?.originalFilename) {
      const { originalFilename: name, mimetype: type } = file;
      received.image = { name, type, bytes: Buffer.concat(files[0] ?? []) };
    }
    // Otherwise a form that arrived empty would clear every field of the profile.
    else if (Object.keys(received.fields).length === 0) received.error = noImageError;
  } catch (error) {
    const { code } = error as { code?: number };
    received.is_too_large = [
      errors.biggerThanMaxFileSize,
      errors.biggerThanTotalMaxFileSize,
      errors.maxFieldsSizeExceeded,
    ].includes(code ?? 0);
    received.error = received.is_too_large ? "This image is larger than 1024 KB. Choose a smaller one." : noImageError;
  }
  return received;
}
