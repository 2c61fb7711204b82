import { once } from "node:events";
import { Readable } from "node:stream";

import { Router } from "@koa/router";
import createError from "http-errors";
import type { Next } from "koa";
import * as z from "zod";

import { parseId } from "../common/ids.ts";
import { pythonType } from "../common/python-repr.ts";
import { stringifyJson } from "../common/raw-json.ts";
import { findUnstorableFields } from "../common/text-validation.ts";
import type { AppContext, Context, SignedIn, Visitor } from "../context.ts";
import { isTwoFactorOverdue } from "../http/two-factor-requirement.ts";
import { allowedMethods, bodySchema, endpointsByMethod, FileResponse } from "./endpoint.ts";
import type { Endpoint, Method, Resource } from "./endpoint.ts";
import { withIdempotencyKey } from "./idempotency.ts";
import { readBody } from "./read-body.ts";

type ApiContext = Context & { params: Record<string, string>; _matchedRoute?: string };

/** Serves the resources. Checks come in Label Studio's order: credentials, ids in the address, method, query, body. */
export function apiRouter(resources: Resource[]): (ctx: Context, next: Next) => Promise<unknown> {
  // Those without parameters need not be compared with the addresses of a hundred others.
  const fixed = new Map<string, (ctx: ApiContext) => Promise<void>>();
  const router = new Router<Visitor, AppContext>({ strict: true, sensitive: true });
  for (const resource of resources) {
    const allowed = allowedMethods(resource);
    const handler = (ctx: ApiContext) => respond(ctx, resource, allowed);
    for (const path of paths(resource.path)) {
      if (path.includes(":")) router.all(path, (ctx) => handler(ctx as ApiContext));
      else fixed.set(path, handler);
    }
  }
  router.all(["/api/", "/api/*rest"], () => {
    throw createError(404);
  });
  const others = router.routes();
  return (ctx, next) => {
    const handler = fixed.get(ctx.path);
    if (!handler) return others(ctx as Parameters<typeof others>[0], next);
    return handler(Object.assign(ctx, { params: {}, _matchedRoute: ctx.path }));
  };
}

function paths(path: string): string[] {
  return path.endsWith("/") ? [path, path.slice(0, -1)] : [path];
}

async function respond(ctx: ApiContext, resource: Resource, allowed: string[]): Promise<void> {
  ctx.set("Allow", allowed.join(", "));
  const endpoint = resource[(ctx.method === "HEAD" ? "GET" : ctx.method) as Method];
  const isPublic = endpoint ? endpoint.isPublic : endpointsByMethod(resource).every(([, each]) => each.isPublic);
  if (!ctx.state.user && !isPublic) throw unauthorized(ctx, resource);
  if (!isPublic && isTwoFactorOverdue(ctx.state)) throw createError(403, overdueMessage);
  if (!Object.values(ctx.params).every((id) => /^\d+$/.test(id))) throw createError(404);
  if (ctx.method === "OPTIONS" && allowed.includes("OPTIONS")) ctx.status = 204;
  else if (!endpoint || !allowed.includes(ctx.method)) throw createError(405, `Method "${ctx.method}" not allowed.`);
  else if (endpoint.isRefusedToKeys && ctx.state.credential === "key") throw createError(403, refusedToKeysMessage);
  else await handle(ctx, endpoint);
}

const overdueMessage = "Set up two-factor log-in first: your organization requires it. It is in Account & Settings.";

const refusedToKeysMessage = "A key can't do this. Log in, or use a personal access token.";

function unauthorized(ctx: ApiContext, { challenge = "Token" }: Resource): Error {
  return createError(401, ctx.state.token_error ?? "Authentication credentials were not provided.", {
    headers: { "WWW-Authenticate": challenge },
  });
}

async function handle(ctx: ApiContext, endpoint: Endpoint): Promise<void> {
  const query = endpoint.query && (await validate(endpoint, endpoint.query, queryValues(ctx, endpoint)));
  const schema = bodySchema(endpoint, ctx.config);
  const submitted = schema && (await readBody(ctx, endpoint.maxMegabytes));
  const body = schema && (await validate(endpoint, schema, submitted?.value));
  const { id, user_id, export_pk, annotation_id } = ctx.params;
  const params = {
    id: parseId(id),
    user_id: parseId(user_id),
    export_pk: parseId(export_pk),
    annotation_id: parseId(annotation_id),
  };
  const input = { params, body, query, rawBody: submitted?.text };
  const isOnce = endpoint.takesIdempotencyKey && submitted && isSignedIn(ctx);
  const response = isOnce
    ? await withIdempotencyKey(
        ctx,
        () => JSON.stringify([query, submitted.text ?? submitted.value]),
        (repositories) =>
          endpoint.handle(Object.create(ctx, { repositories: { value: repositories } }) as ApiContext, input),
      )
    : await endpoint.handle(ctx, input);
  ctx.status = endpoint.status ?? 200;
  if (ctx.status === 204) return;
  // Not ctx.type, which adds a charset: Label Studio's has none, and some clients compare it.
  ctx.set("Content-Type", "application/json");
  if (response instanceof FileResponse) await sendFile(ctx, response);
  else ctx.body = response instanceof Readable ? await untilReadable(response, ctx) : stringifyJson(response);
}

function isSignedIn(ctx: ApiContext): ctx is ApiContext & { state: SignedIn } {
  return ctx.state.user !== undefined;
}

async function sendFile(ctx: ApiContext, { type, name, content, length }: FileResponse): Promise<void> {
  // HEAD has no body: nothing is read.
  if (ctx.method === "HEAD") content.destroy();
  else ctx.body = await untilReadable(content, ctx);
  ctx.attachment(name);
  ctx.type = type;
  ctx.set("Filename", name);
  if (length !== undefined) ctx.length = length;
}

/**
 * Waits for the first chunk, so that a stream that fails before it becomes an error response like any other. One that
 * fails later has sent its status already: then the connection is cut.
 */
async function untilReadable(stream: Readable, { res }: ApiContext): Promise<Readable> {
  await once(stream, "readable");
  return stream.on("error", () => res.destroy());
}

/** Returns the output of the schema, or throws a 400 with the errors by field. */
async function validate(endpoint: Endpoint, schema: z.ZodType, value: unknown): Promise<unknown> {
  const result = await parse(schema, value);
  if ("data" in result) return result.data;
  throw createError(400, "Validation error", {
    validation_errors: result.errors,
    ...(endpoint.formatErrors && { body: endpoint.formatErrors(result.errors) }),
  });
}

async function parse(
  schema: z.ZodType,
  value: unknown,
): Promise<{ data: unknown } | { errors: Record<string, string[]> }> {
  if (value === null || typeof value !== "object" || Array.isArray(value)) {
    const error =
      value === null ? "No data provided" : `Invalid data. Expected a dictionary, but got ${pythonType(value)}.`;
    return { errors: { non_field_errors: [error] } };
  }
  const result = await schema.safeParseAsync(value);
  const unstorable = result.success && findUnstorableFields(result.data);
  if (unstorable) return { errors: unstorable };
  if (result.success) return { data: result.data };
  const { fieldErrors, formErrors } = z.flattenError(result.error) as {
    fieldErrors: Record<string, string[]>;
    formErrors: string[];
  };
  return { errors: { ...fieldErrors, ...(formErrors.length > 0 && { non_field_errors: formErrors }) } };
}

/** The last value of each parameter; all values of those that may be repeated. */
function queryValues(
  { query }: Pick<Context, "query">,
  { repeatedParameters = [] }: Endpoint,
): Record<string, unknown> {
  const all = Object.entries(query).map(([name, value]): [string, unknown[]] => [name, [value].flat()]);
  return Object.fromEntries(
    all.map(([name, values]) => [name, repeatedParameters.includes(name) ? values : values.at(-1)]),
  );
}
