import { bodyParser } from "@koa/bodyparser";
import createError from "http-errors";
import type { Middleware, Next } from "koa";

import type { Context } from "../context.ts";

/** Reads the forms that pages send. What is no form is refused, so that it does not count as an empty one. */
export function forms(): Middleware[] {
  return [refuseOthers as Middleware, bodyParser({ enableTypes: ["form"], formLimit: "64kb" })];
}

async function refuseOthers(ctx: Pick<Context, "is" | "request">, next: Next): Promise<void> {
  const isEmpty = ctx.request.length === 0;
  if (!isEmpty && ctx.is("urlencoded", "multipart") === false) throw createError(415);
  await next();
}
