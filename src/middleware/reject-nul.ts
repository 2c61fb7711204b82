import createError from "http-errors";
import type { Next } from "koa";

import type { Context } from "../context.ts";
import { isApi } from "./token-authentication.ts";

/** A NUL is in nobody's text but a password, and not every database can keep one. The API says so field by field. */
export async function rejectNulInUrl(ctx: Pick<Context, "url" | "path">, next: Next): Promise<void> {
  if (ctx.url.includes("%00") && !isApi(ctx)) throw createError(400);
  await next();
}

/** The same for the fields of a form that was read. */
export async function rejectNulInForm(ctx: Pick<Context, "request">, next: Next): Promise<void> {
  const texts = Object.entries(ctx.request.body ?? {}).filter(([name]) => !name.includes("password"));
  if (JSON.stringify(texts).includes("\\u0000")) throw unkeepable();
  await next();
}

function unkeepable(): Error {
  return createError(400, "Null characters", {
    explanation: {
      title: "This text can't be kept",
      text: "It holds a character that nobody sees (NUL). Nothing was changed. Go back, and type or paste it again without it.",
    },
  });
}
