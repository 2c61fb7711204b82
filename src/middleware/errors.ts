import { STATUS_CODES } from "node:http";

import createError, { isHttpError } from "http-errors";
import type { HttpError } from "http-errors";
import type { Next } from "koa";

import type { Context } from "../context.ts";
import { isForeignKeyViolation, isFull, isLocked, isUnreachable } from "../database/errors.ts";
import { ProjectGoneError } from "../exports/read-tasks.ts";
import { stripPrefix } from "../http/base-url.ts";
import { retargetToMain } from "../http/htmx.ts";
import { isApi } from "../http/is-api.ts";
import { presentError } from "../presenters/error.ts";
import { safeRedirectPath } from "../security/safe-redirect.ts";
import { requireUser } from "./authentication.ts";
import { refererOfThisSite } from "./same-origin.ts";
import { invalidToken } from "./token-authentication.ts";

interface Explanation {
  title: string;
  text: string;
}

const badRequest = { title: "This request can't be read", text: "Go back, reload the page and try again." };

const serverError = {
  title: "Something broke on our side",
  text: "Nothing you did. Your last step may not have been saved. If it happens again, tell the person who runs this server.",
};

/** What people read, by status. */
const explanations: Record<number, Explanation> = {
  400: badRequest,
  403: { title: "You can't do this", text: "Go back, reload the page and try again." },
  404: { title: "This page doesn't exist", text: "The address may be mistyped, or what was here was deleted." },
  405: { title: "This can't be done here", text: "Go back, reload the page and try again." },
  413: { title: "This is too large", text: "Go back and send something smaller." },
  415: { title: "This can't be read", text: "A form was expected here. Nothing was changed." },
  429: { title: "Too many tries", text: "Wait a moment, then try again." },
  503: {
    title: "The database can't be reached",
    text: "Wait a moment, then try again. If it goes on, tell the person who runs this server.",
  },
  507: {
    title: "The server's disk is full",
    text: "Nothing was changed. Tell the person who runs this server: its database needs free space on its disk.",
  },
};

const locked = {
  title: "The database is busy",
  text: "Nothing was changed. Wait a moment, then try again. If it goes on, tell the person who runs this server.",
};

/** `Retry-After` while the database can't be reached or is busy. */
export const retryAfterSeconds = 5;

/** Answers every error that is thrown, and every request without an answer: with a page, or with JSON under /api/. */
export async function errors(ctx: Context, next: Next): Promise<void> {
  try {
    await next();
    if (ctx.status === 404 && ctx.body === undefined) respondWithError(ctx, 404);
    if ((ctx.status === 405 || ctx.status === 501) && !ctx.body) respondWithError(ctx, 405);
  } catch (error) {
    if (isForeignKeyViolation(error) || error instanceof ProjectGoneError) return await answerGone(ctx, error);
    const httpError = isHttpError(error) && error.expose ? error : databaseHttpError(error);
    const status = httpError?.status ?? (isBadRequest(error) ? error.status : 500);
    // What can't be answered any more while the server stops is no failure.
    const isStopping = status === 503 && ctx.stopping.aborted;
    if (status >= 500 && !isStopping && !ctx.outages.report(error))
      ctx.log.error({ err: error, method: ctx.method, path: ctx.path }, "request failed");
    respondWithError(ctx, status, httpError);
    discardBody(ctx);
    if (status === 503) ctx.set("Retry-After", String(retryAfterSeconds));
    if (httpError?.headers) ctx.set(httpError.headers);
  }
}

/**
 * Reads on what is left of a body that was refused while it was read: else it would stay in the way of the next request on this
 * connection, which is somebody else's behind a proxy.
 */
function discardBody({ req }: Pick<Context, "req">): void {
  req.unpipe();
  req.resume();
}

/**
 * What a request refers to was deleted at the same moment: there is nothing, and whoever was deleted is not signed in.
 */
async function answerGone(ctx: Context, error: unknown): Promise<void> {
  ctx.log.warn({ err: error, method: ctx.method, path: ctx.path }, "deleted meanwhile");
  const { user } = ctx.state;
  if (!user || (await ctx.repositories.users.find(user.id))) return respondWithError(ctx, 404);
  delete ctx.state.user;
  if (isApi(ctx)) {
    respondWithError(ctx, 401, createError(401, invalidToken));
    ctx.set("WWW-Authenticate", "Token");
  } else {
    await requireUser(ctx, async () => undefined);
  }
}

/** What is answered while the database can't be used, which is no error of this program. */
function databaseHttpError(error: unknown): HttpError | undefined {
  if (isUnreachable(error)) return createError(503);
  if (isLocked(error)) return createError(503, { explanation: locked });
  return isFull(error) ? createError(507) : undefined;
}

/** The body parser throws errors of another version of http-errors: isHttpError does not recognize them. */
function isBadRequest(error: unknown): error is { status: number } {
  const status = (error as { status?: unknown } | null)?.status;
  return typeof status === "number" && status >= 400 && status < 500;
}

function respondWithError(ctx: Context, status: number, error?: HttpError): void {
  if (isApi(ctx))
    ctx.body = error?.body ?? presentError(ctx.request_id, status, detail(status, error), error?.validation_errors);
  else renderErrorPage(ctx, status, error?.explanation);
  if (isApi(ctx)) ctx.set("Content-Type", "application/json");
  ctx.status = status;
}

/** The `detail` of an API's error: the message it was thrown with, else the explanation of its status. */
function detail(status: number, error?: HttpError): string {
  const { title, text } = error?.explanation ?? explanationOf(status);
  if (error && !error.explanation && error.message !== STATUS_CODES[status]) return error.message;
  return status === 404 ? "Not found." : `${title}. ${text}`;
}

function renderErrorPage(ctx: Context, status: number, explanation = explanationOf(status)): void {
  retargetToMain(ctx);
  const request_id = status === 500 ? ctx.request_id : undefined;
  ctx.render("error", { status, request_id, ways: waysOn(ctx, status), ...explanation });
}

/** Where one can go from an error page; the first is what helps most likely. */
function waysOn(ctx: Context, status: number): { label: string; href: string }[] {
  const mayPass = status === 429 || status >= 500;
  if (mayPass && ctx.method === "GET") return [{ label: "Try again", href: safeRedirectPath(ctx.url) }];
  const form = ctx.method === "GET" ? undefined : previousPage(ctx);
  const back = form === undefined ? [] : [{ label: "Back", href: form }];
  if (!ctx.state.user) return [...back, { label: "Log in", href: "/user/login/" }];
  return [
    ...back,
    { label: "Home", href: "/" },
    ...(back.length > 0 ? [] : [{ label: "Projects", href: "/projects/" }]),
  ];
}

/** The path of the page of this site that a form was sent from. */
function previousPage(ctx: Context): string | undefined {
  const page = refererOfThisSite(ctx);
  return page && safeRedirectPath(stripPrefix(page.pathname, ctx.config.base_path) + page.search);
}

function explanationOf(status: number): Explanation {
  return explanations[status] ?? (status < 500 ? badRequest : serverError);
}
