import { STATUS_CODES } from "node:http";

import { isHttpError } from "http-errors";
import type { HttpError } from "http-errors";
import type { Next } from "koa";

import type { Context } from "../context.ts";
import { retargetToMain } from "../http/htmx.ts";
import { presentError } from "../presenters/error.ts";
import { isUnreachable } from "../database/connection-errors.ts";
import { isApi } from "./token-authentication.ts";

const pages: Record<number, { title: string; text: string }> = {
  400: { title: "This request can't be read", text: "Go back, reload the page and try again." },
  403: { title: "You can't do this", text: "Go back, reload the page and try again." },
  404: { title: "There is nothing here", text: "The address may be mistyped, or what was here is gone." },
  405: { title: "This can't be done here", text: "Go back, reload the page and try again." },
  413: { title: "This is too large", text: "Go back and send something smaller." },
  415: { title: "This can't be read", text: "A form was expected here. Nothing was changed." },
  429: { title: "Too many tries", text: "Wait a moment, then try again." },
  503: {
    title: "The database can't be reached",
    text: "Wait a moment, then try again. If it goes on, tell whoever runs this server.",
  },
};

const ours = {
  title: "Something went wrong on our side",
  text: "Try again. If it happens again, tell whoever runs this server.",
};

/** Until the database is asked again, by those who wait by themselves. */
export const secondsToWait = 5;

/** Answers everything that is thrown, and what nobody answered: with a page, or with JSON under /api. */
export async function errors(ctx: Context, next: Next): Promise<void> {
  try {
    await next();
    if (ctx.status === 404 && ctx.body === undefined) refuse(ctx, 404);
    if ((ctx.status === 405 || ctx.status === 501) && !ctx.body) refuse(ctx, 405);
  } catch (error) {
    const shown = isHttpError(error) && error.expose ? error : undefined;
    const status = shown?.status ?? statusOf(error);
    if (status >= 500) ctx.log.error({ err: error, method: ctx.method, path: ctx.path }, "request failed");
    refuse(ctx, status, shown);
    if (status === 503) ctx.set("Retry-After", String(secondsToWait));
    if (shown?.headers) ctx.set(shown.headers);
  }
}

function statusOf(error: unknown): number {
  if (isUnreachable(error)) return 503;
  return isBadRequest(error) ? error.status : 500;
}

/** What the body parser throws is no http-error of our version, but has a status. */
function isBadRequest(error: unknown): error is { status: number } {
  const status = (error as { status?: unknown } | null)?.status;
  return typeof status === "number" && status >= 400 && status < 500;
}

function refuse(ctx: Context, status: number, error?: HttpError): void {
  if (isApi(ctx)) ctx.body = error?.body ?? presentError(status, detail(status, error), error?.validation_errors);
  else errorPage(ctx, status, error?.explanation);
  ctx.status = status;
}

/** The words of an API's error: what was said where it was thrown, or what its status means. */
function detail(status: number, error?: HttpError): string {
  const { title, text } = error?.explanation ?? pages[status] ?? (status < 500 ? pages[400] : ours);
  if (error && !error.explanation && error.message !== STATUS_CODES[status]) return error.message;
  return status === 404 ? "Not found." : `${title}. ${text}`;
}

/** `explanation` replaces the words of the status: `{ title, text }`. */
function errorPage(ctx: Context, status: number, explanation?: { title: string; text: string }): void {
  retargetToMain(ctx);
  ctx.render("error", { status, ...(explanation ?? pages[status] ?? (status < 500 ? pages[400] : ours)) });
}
