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
    const { status = 400, type, message } = error as { status?: number; type?: string; message: string };
    if (status === 413) throw createError(413, "The body is larger than 1 MB: send less at once.");
    // What raw-body and inflate say is about the transport, the rest comes from the JSON parser.
    throw createError(status, type ? "The body can't be read." : `JSON parse error - ${message}`);
  },
});

function fieldsOf({ fields, refused }: ImageForm): Record<string, string> {
  if (refused) throw createError(400, "The multipart form can't be read, holds no field, or is larger than 1 MB.");
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
