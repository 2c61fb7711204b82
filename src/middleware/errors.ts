import { isHttpError } from "http-errors";
import type { Next } from "koa";

import type { Context } from "../context.ts";
import { swapWholeContent } from "../htmx.ts";

const pages: Record<number, { title: string; text: string }> = {
  400: { title: "This request can't be read", text: "Go back, reload the page and try again." },
  403: { title: "You can't do this", text: "Go back, reload the page and try again." },
  404: { title: "There is nothing here", text: "The address may be mistyped, or what was here is gone." },
  405: { title: "This can't be done here", text: "Go back, reload the page and try again." },
  413: { title: "This is too large", text: "Go back and send something smaller." },
  415: { title: "This can't be read", text: "A form was expected here. Nothing was changed." },
  429: { title: "Too many tries", text: "Wait a moment, then try again." },
};

const ours = {
  title: "Something went wrong on our side",
  text: "Try again. If it happens again, tell whoever runs this server.",
};

/** Makes a page of everything that is thrown, and of every answer that nobody gave. */
export async function errors(ctx: Context, next: Next): Promise<void> {
  try {
    await next();
    if (ctx.status === 404 && ctx.body === undefined) errorPage(ctx, 404);
    if ((ctx.status === 405 || ctx.status === 501) && !ctx.body) errorPage(ctx, 405);
  } catch (error) {
    const status = isHttpError(error) && error.expose ? error.status : isBadRequest(error) ? error.status : 500;
    if (status >= 500) ctx.log.error({ err: error, method: ctx.method, path: ctx.path }, "request failed");
    errorPage(ctx, status, isHttpError(error) && error.expose ? error.explanation : undefined);
    if (isHttpError(error) && error.headers) ctx.set(error.headers);
  }
}

/** What the body parser throws is no http-error of our version, but has a status. */
function isBadRequest(error: unknown): error is { status: number } {
  const status = (error as { status?: unknown } | null)?.status;
  return typeof status === "number" && status >= 400 && status < 500;
}

/** `explanation` replaces the words of the status: `{ title, text }`. */
function errorPage(ctx: Context, status: number, explanation?: { title: string; text: string }): void {
  swapWholeContent(ctx);
  ctx.render("error", { status, ...(explanation ?? pages[status] ?? (status < 500 ? pages[400] : ours)) });
  ctx.status = status;
}
