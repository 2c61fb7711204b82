import { once } from "node:events";
import { Readable } from "node:stream";

import { Router } from "@koa/router";
import createError from "http-errors";
import { z } from "zod";

import { pythonType } from "../common/python-repr.ts";
import type { AppContext, Context, Visitor } from "../context.ts";
import { findUnstorableFields } from "../common/text-validation.ts";
import { parseId } from "../common/ids.ts";
import { stringifyJson } from "../common/raw-json.ts";
import { readBody } from "./read-body.ts";
import { bodyForm, FileAnswer, methodsOf } from "./endpoint.ts";
import type { Endpoint, Method, Resource } from "./endpoint.ts";

/** Serves these resources. Checks come in upstream's order: who asks, the address, the method, what was sent. */
export function apiRouter(resources: Resource[]): Router<Visitor, AppContext> {
  const router = new Router<Visitor, AppContext>({ strict: true, sensitive: true });
  for (const resource of resources) {
    for (const path of addresses(resource.path)) router.all(path, (ctx) => answer(ctx as ApiContext, resource));
  }
  router.all(["/api/", "/api/*rest"], () => {
    throw createError(404);
  });
  return router;
}

type ApiContext = Context & { params: Record<string, string> };

function addresses(path: string): string[] {
  return path.endsWith("/") ? [path, path.slice(0, -1)] : [path];
}

async function answer(ctx: ApiContext, resource: Resource): Promise<void> {
  ctx.set("Allow", resource.allow);
  const endpoint = resource[(ctx.method === "HEAD" ? "GET" : ctx.method) as Method];
  const isOpen = endpoint ? endpoint.isOpen : methodsOf(resource).every(([, each]) => each.isOpen);
  if (!ctx.state.user && !isOpen) throw unknownVisitor(ctx, resource);
  if (!Object.values(ctx.params).every((id) => /^\d+$/.test(id))) throw createError(404);
  if (ctx.method === "OPTIONS" && resource.allow.includes("OPTIONS")) ctx.status = 204;
  else if (!endpoint || !resource.allow.includes(ctx.method))
    throw createError(405, `Method "${ctx.method}" not allowed.`);
  else await handle(ctx, endpoint);
}

function unknownVisitor(ctx: ApiContext, { challenge = "Token" }: Resource): Error {
  return createError(401, ctx.state.token_error ?? "Authentication credentials were not provided.", {
    headers: { "WWW-Authenticate": challenge },
  });
}

async function handle(ctx: ApiContext, endpoint: Endpoint): Promise<void> {
  const query = endpoint.query && (await checked(endpoint, endpoint.query, queryOf(ctx, endpoint)));
  const form = bodyForm(endpoint, ctx.config);
  const sent = form && (await readBody(ctx, endpoint.megabytes));
  const body = form && (await checked(endpoint, form, sent?.value));
  const { id, user_id, export_pk } = ctx.params;
  const params = { id: parseId(id), user_id: parseId(user_id), export_pk: parseId(export_pk) };
  const answered = await endpoint.handle(ctx, { params, body, query, text: sent?.text });
  ctx.status = endpoint.status ?? 200;
  if (ctx.status === 204) return;
  ctx.type = "json";
  if (answered instanceof FileAnswer) await sendFile(ctx, answered);
  else ctx.body = answered instanceof Readable ? await begun(answered, ctx) : stringifyJson(answered);
}

async function sendFile(ctx: ApiContext, { type, name, content, length }: FileAnswer): Promise<void> {
  // For HEAD nothing is read.
  if (ctx.method === "HEAD") content.destroy();
  else ctx.body = await begun(content, ctx);
  ctx.attachment(name);
  ctx.type = type;
  ctx.set("Filename", name);
  if (length !== undefined) ctx.length = length;
}

/** A stream that has something to give; one that fails before is an error like any other, and later cuts the answer short. */
async function begun(stream: Readable, { res }: ApiContext): Promise<Readable> {
  await once(stream, "readable");
  return stream.on("error", () => res.destroy());
}

async function checked(endpoint: Endpoint, form: z.ZodType, sent: unknown): Promise<unknown> {
  const result = await submitted(form, sent);
  if ("data" in result) return result.data;
  throw createError(400, "Validation error", {
    validation_errors: result.errors,
    ...(endpoint.refuse && { body: endpoint.refuse(result.errors) }),
  });
}

async function submitted(
  form: z.ZodType,
  sent: unknown,
): Promise<{ data: unknown } | { errors: Record<string, string[]> }> {
  if (sent === null || typeof sent !== "object" || Array.isArray(sent)) {
    const problem =
      sent === null ? "No data provided" : `Invalid data. Expected a dictionary, but got ${pythonType(sent)}.`;
    return { errors: { non_field_errors: [problem] } };
  }
  const result = await form.safeParseAsync(sent);
  const unkept = result.success && findUnstorableFields(result.data);
  if (unkept) return { errors: unkept };
  if (result.success) return { data: result.data };
  const { fieldErrors, formErrors } = z.flattenError(result.error) as {
    fieldErrors: Record<string, string[]>;
    formErrors: string[];
  };
  return { errors: { ...fieldErrors, ...(formErrors.length > 0 && { non_field_errors: formErrors }) } };
}

/** Of what came several times the last counts, unless it is a list. */
function queryOf({ query }: Pick<Context, "query">, { lists = [] }: Endpoint): Record<string, unknown> {
  const all = Object.entries(query).map(([name, value]): [string, unknown[]] => [name, [value].flat()]);
  return Object.fromEntries(all.map(([name, values]) => [name, lists.includes(name) ? values : values.at(-1)]));
}
