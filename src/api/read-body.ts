import { TextDecoder } from "node:util";

import createError from "http-errors";

import { turnTaking } from "../common/event-loop.ts";
import { jsonDepthError } from "../common/json-depth.ts";
import { limits } from "../common/limits.ts";
import type { Context } from "../context.ts";
import { receiveImageForm } from "../uploads/image-form.ts";
import type { ImageForm } from "../uploads/image-form.ts";

type Request = Pick<Context, "is" | "req" | "request" | "get">;

interface Body {
  value: unknown;
  /** The text of a JSON body. */
  text?: string;
}

/**
 * Reads a body that is JSON, URL-encoded or multipart; no body counts as an empty object. Throws 400, 413 or 415 for one
 * that can't be read.
 */
export async function readBody(ctx: Request, maxMegabytes: number = limits.bodyMegabytes): Promise<Body> {
  const type = ctx.is("json", "urlencoded", "multipart");
  if (type === null || ctx.request.length === 0) return { value: {} };
  if (type === "multipart") return { value: formFields(await receiveImageForm(ctx.req)) };
  if (type === false) throw unsupportedType(ctx);
  const text = await readText(ctx, maxMegabytes);
  if (text === "") return { value: {} };
  if (type === "urlencoded" && looksLikeJson(text)) throw jsonWithoutType();
  // Of a field that is repeated the last value counts.
  if (type === "urlencoded") return { value: Object.fromEntries(new URLSearchParams(text)) };
  return { value: await parseJson(text), text };
}

/** A 415 for a type that nothing reads; it says what to send where there is none at all. */
export function unsupportedType(ctx: Pick<Request, "get">): Error {
  const type = ctx.get("Content-Type");
  return createError(415, `Unsupported media type "${type}" in request.${type ? "" : ` ${sendAsJson}`}`);
}

/** A 415 for JSON that says it is a form, as curl sends whatever it is not told the type of. */
export function jsonWithoutType(): Error {
  return createError(415, `The body is JSON, but says that it is a form. ${sendAsJson}`);
}

/** Whether text begins as JSON of a body does; no form does. */
export function looksLikeJson(text: string): boolean {
  return /^(?:\uFEFF|\xef\xbb\xbf)?\s*[[{]/.test(text);
}

const sendAsJson = "Send it with Content-Type: application/json.";

async function readText(ctx: Request, maxMegabytes: number): Promise<string> {
  const decoder = createDecoder(ctx.request.charset || "utf-8");
  const { default: getRawBody } = await import("raw-body");
  try {
    return decoder.decode(await getRawBody(ctx.req, { limit: `${maxMegabytes}mb` }));
  } catch (error) {
    const { status } = error as { status?: number };
    throw status === 413
      ? tooLarge(maxMegabytes)
      : createError(400, "The body can't be read: send it whole, and in its charset.");
  }
}

/** Fatal: bytes that are invalid in the charset are refused, since replacement characters would be stored. */
function createDecoder(charset: string): TextDecoder {
  try {
    return new TextDecoder(charset, { fatal: true });
  } catch {
    throw createError(415, `Unsupported charset "${charset}": send UTF-8.`);
  }
}

/** Others get their turns between the steps, as each takes long for a body of many megabytes. */
async function parseJson(text: string): Promise<unknown> {
  const takeTurn = turnTaking();
  const error = jsonDepthError(text, limits.jsonDepth);
  if (error) throw createError(400, `JSON parse error - ${error}`);
  await takeTurn();
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw createError(400, `JSON parse error - ${(error as Error).message}`);
  } finally {
    await takeTurn();
  }
}

function formFields({ fields, error, is_too_large }: ImageForm): Record<string, string> {
  if (is_too_large) throw tooLarge(limits.bodyMegabytes);
  if (error) throw createError(400, "The multipart form can't be read, or holds no field.");
  return fields;
}

function tooLarge(maxMegabytes: number): Error {
  return createError(413, `The body is larger than ${maxMegabytes} MB: send less at once.`);
}
