import createError from "http-errors";
import type { Next } from "koa";

import type { Context } from "../context.ts";
import { isApi } from "../http/is-api.ts";

/** Refuses NUL characters in URLs, which PostgreSQL can't store. The API reports them for each field instead. */
export async function rejectNulInUrl(ctx: Pick<Context, "url" | "path">, next: Next): Promise<void> {
  if (ctx.url.includes("%00") && !isApi(ctx)) throw createError(400);
  await next();
}

/** Refuses NUL characters in a parsed form. Passwords may hold them: only their hashes are stored. */
export async function rejectNulInForm(ctx: Pick<Context, "request">, next: Next): Promise<void> {
  const fields = Object.entries(ctx.request.body ?? {}).filter(([name]) => !name.includes("password"));
  if (JSON.stringify(fields).includes("\\u0000")) throw nulError();
  await next();
}

function nulError(): Error {
  return createError(400, "Null characters", {
    explanation: {
      title: "This text can't be kept",
      text: "It holds an invisible character (NUL). Nothing was changed. Go back, and type or paste it without that character.",
    },
  });
}
