import createError from "http-errors";
import type { Middleware, Next } from "koa";

import { limits } from "../common/limits.ts";
import type { Context, Visitor } from "../context.ts";
import { rejectNulInForm } from "./reject-nul.ts";

/** Profile images and files to import come as multipart; their routes read them. */
const multipartPath = /^\/(?:user\/account(?:\/personal-info)?|projects\/\d+\/import)\/?$/;

/** Label configs and answers are longer than other forms. */
const longPath = /^\/projects\//;

/**
 * Parses urlencoded forms into ctx.request.body, up to 64 kB, or 4 MB from signed-in users for projects. Other media
 * types are refused with 415, because they would pass for an empty form.
 */
export function formParser(): Middleware[] {
  const shortForms = parser(`${limits.formKilobytes}kb`);
  const longForms = parser(`${limits.projectFormMegabytes}mb`);
  const parse: Middleware<Visitor> = (ctx, next) =>
    (ctx.state.user && longPath.test(ctx.path) ? longForms : shortForms)(ctx, next);
  return [rejectOtherTypes as Middleware, parse as Middleware, rejectNulInForm as Middleware];
}

/** Loaded for the first form, which a start need not wait for. */
function parser(formLimit: string): Middleware {
  let loaded: Promise<Middleware> | undefined;
  return async (ctx, next) => {
    if (ctx.method === "GET" || ctx.method === "HEAD") return next();
    loaded ??= loadParser(formLimit);
    return (await loaded)(ctx, next);
  };
}

async function loadParser(formLimit: string): Promise<Middleware> {
  const { bodyParser } = await import("@koa/bodyparser");
  return bodyParser({
    enableTypes: ["form"],
    formLimit,
    onError: (error) => {
      const { status = 400, limit, length } = error as { status?: number; limit?: number; length?: number };
      if (status === 413 && limit !== undefined) throw tooLargeError(limit, length);
      throw createError(status);
    },
  });
}

/** `length` is that of the whole form, as its sender says; unknown for one that is sent in chunks. */
function tooLargeError(limit: number, length: number | undefined): Error {
  const size = length === undefined ? "more" : inKilobytes(length);
  return createError(413, {
    explanation: {
      title: "This is too large",
      text: `A form may have ${inKilobytes(limit)}, and this one has ${size}. Nothing was changed. Go back, and shorten it.`,
    },
  });
}

function inKilobytes(bytes: number): string {
  return `${new Intl.NumberFormat("en").format(Math.ceil(bytes / 1024))} KB`;
}

async function rejectOtherTypes(ctx: Pick<Context, "is" | "request" | "path">, next: Next): Promise<void> {
  const isEmpty = ctx.request.length === 0;
  const types = multipartPath.test(ctx.path) ? ["urlencoded", "multipart"] : ["urlencoded"];
  if (!isEmpty && ctx.is(types) === false) throw createError(415);
  await next();
}
