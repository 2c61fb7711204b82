import { bodyParser } from "@koa/bodyparser";
import createError from "http-errors";

import type { Context } from "../context.ts";
import { receiveImageForm } from "./uploads.ts";
import type { ImageForm } from "./uploads.ts";

const parse = bodyParser({
  enableTypes: ["json", "form"],
  jsonLimit: "1mb",
  formLimit: "1mb",
  // Other values than objects are refused later, in upstream's words.
  jsonStrict: false,
  onError: (error) => {
    const { status = 400, name, message } = error as Error & { status?: number };
    if (status === 413) throw tooLarge();
    throw createError(status, name === "SyntaxError" ? `JSON parse error - ${message}` : "The body can't be read.");
  },
});

function tooLarge(): Error {
  return createError(413, "The body is larger than 1 MB: send less at once.");
}

function fieldsOf({ fields, refused, is_too_large }: ImageForm): Record<string, string> {
  if (is_too_large) throw tooLarge();
  if (refused) throw createError(400, "The multipart form can't be read, or holds no field.");
  return fields;
}

/** What was sent more than once counts as it was sent last. */
export function lastOfEach(values: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, [value].flat().at(-1)]));
}

/** Reads a body of the API, sent as JSON, as a form or as multipart; nothing at all counts as an empty object. */
export async function readBody(ctx: Pick<Context, "is" | "req" | "request" | "get">): Promise<unknown> {
  const type = ctx.is("json", "urlencoded", "multipart");
  if (type === null || ctx.request.length === 0) return {};
  if (type === "multipart") return fieldsOf(await receiveImageForm(ctx.req));
  if (type === false) throw createError(415, `Unsupported media type "${ctx.get("Content-Type")}" in request.`);
  await parse(ctx as Parameters<typeof parse>[0], async () => undefined);
  const { body, rawBody } = ctx.request as { body?: unknown; rawBody?: string };
  if (rawBody === "") return {};
  return type === "urlencoded" ? lastOfEach(body as Record<string, unknown>) : body;
}
