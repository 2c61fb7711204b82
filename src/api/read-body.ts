import { TextDecoder } from "node:util";

import createError from "http-errors";
import getRawBody from "raw-body";

import type { Context } from "../context.ts";
import { receiveImageForm } from "../uploads/image-form.ts";
import type { ImageForm } from "../uploads/image-form.ts";

type Request = Pick<Context, "is" | "req" | "request" | "get">;

export interface Body {
  value: unknown;
  /** The JSON itself, where it came so. */
  text?: string;
}

/** Reads a body of the API, sent as JSON, as a form or as multipart; nothing at all counts as an empty object. */
export async function readBody(ctx: Request, megabytes = 1): Promise<Body> {
  const type = ctx.is("json", "urlencoded", "multipart");
  if (type === null || ctx.request.length === 0) return { value: {} };
  if (type === "multipart") return { value: fieldsOf(await receiveImageForm(ctx.req)) };
  if (type === false) throw createError(415, `Unsupported media type "${ctx.get("Content-Type")}" in request.`);
  const text = await readText(ctx, megabytes);
  if (text === "") return { value: {} };
  // What was sent more than once counts as it was sent last.
  if (type === "urlencoded") return { value: Object.fromEntries(new URLSearchParams(text)) };
  return { value: parseJson(text), text };
}

async function readText(ctx: Request, megabytes: number): Promise<string> {
  if (ctx.get("Content-Encoding")) throw createError(415, "The body is compressed: send it as it is.");
  const decoder = decoderFor(ctx.request.charset || "utf-8");
  try {
    return decoder.decode(await getRawBody(ctx.req, { limit: `${megabytes}mb` }));
  } catch (error) {
    const { status } = error as { status?: number };
    throw status === 413
      ? tooLarge(megabytes)
      : createError(400, "The body can't be read: send it whole, and in its charset.");
  }
}

/** Refuses bytes that are no text, so that nothing is kept otherwise than it was meant. */
function decoderFor(charset: string): TextDecoder {
  try {
    return new TextDecoder(charset, { fatal: true });
  } catch {
    throw createError(415, `Unsupported charset "${charset}": send UTF-8.`);
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw createError(400, `JSON parse error - ${(error as Error).message}`);
  }
}

function fieldsOf({ fields, error, is_too_large }: ImageForm): Record<string, string> {
  if (is_too_large) throw tooLarge(1);
  if (error) throw createError(400, "The multipart form can't be read, or holds no field.");
  return fields;
}

function tooLarge(megabytes: number): Error {
  return createError(413, `The body is larger than ${megabytes} MB: send less at once.`);
}
