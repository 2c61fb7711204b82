import { bodyParser } from "@koa/bodyparser";
import createError from "http-errors";
import type { Middleware, Next } from "koa";

import type { Context, Visitor } from "../context.ts";
import { rejectNulInForm } from "./reject-nul.ts";

/** A profile image and files of tasks come as multipart, and their routes read them. */
const multipartPath = /^\/(?:user\/account(?:\/personal-info)?|projects\/\d+\/import)\/?$/;

/** Labeling setups and answers, as members send them, are longer than other forms. */
const longPath = /^\/projects\//;

/** Reads the forms that pages send. What is no form is refused, so that it does not count as an empty one. */
export function forms(): Middleware[] {
  const short = parser("64kb");
  const long = parser("4mb");
  const parse: Middleware<Visitor> = (ctx, next) =>
    (ctx.state.user && longPath.test(ctx.path) ? long : short)(ctx, next);
  return [refuseOthers as Middleware, parse as Middleware, rejectNulInForm as Middleware];
}

function parser(formLimit: string): Middleware {
  return bodyParser({
    enableTypes: ["form"],
    formLimit,
    onError: (error) => {
      throw createError((error as { status?: number }).status ?? 400);
    },
  });
}

async function refuseOthers(ctx: Pick<Context, "is" | "request" | "path">, next: Next): Promise<void> {
  const isEmpty = ctx.request.length === 0;
  const types = multipartPath.test(ctx.path) ? ["urlencoded", "multipart"] : ["urlencoded"];
  if (!isEmpty && ctx.is(types) === false) throw createError(415);
  await next();
}
