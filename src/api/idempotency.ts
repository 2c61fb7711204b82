import createError from "http-errors";
import type { Context as KoaContext } from "koa";

import { limits } from "../common/limits.ts";
import { RawJson, stringifyJson } from "../common/raw-json.ts";
import type { AppContext, SignedIn } from "../context.ts";
import type { IdempotencyKey, IdempotencyRecord } from "../repositories/jobs/idempotency-records.ts";
import { digest } from "../security/crypto.ts";

type Context = Pick<KoaContext, "get" | "method" | "path"> & { state: SignedIn };

/**
 * Returns the key of a request with the header `Idempotency-Key`, else undefined. `content` returns what was sent, or a digest of
 * it, and is not called without the header. Throws a 400 for a header that is too long.
 */
export function submittedKey(ctx: Context, content: () => string): IdempotencyKey | undefined {
  const header = ctx.get("Idempotency-Key");
  if (header === "") return undefined;
  if (header.length > limits.idempotencyKey)
    throw createError(400, `Idempotency-Key: use at most ${limits.idempotencyKey} characters.`);
  return identify(ctx, "key", header, content());
}

/** The key of a request without the header: what was sent, by whom and to where. */
export function contentKey(ctx: Context, content: string): IdempotencyKey {
  return identify(ctx, "content", digestOf([content]), content);
}

function identify({ state, method, path }: Context, kind: string, text: string, content: string) {
  const id = digestOf([kind, String(state.user.id), method, path.replace(/\/$/, ""), text]);
  return { id, user_id: state.user.id, fingerprint: digestOf([content]) };
}

/** Throws a 422 if the earlier request with this key was another one. */
export function assertSameRequest(key: IdempotencyKey, earlier: IdempotencyRecord): void {
  if (key.fingerprint !== earlier.fingerprint)
    throw createError(422, "This Idempotency-Key was sent with another request: use a new key for each.");
}

/**
 * Does some work, in one transaction with the record of its response if the request has an `Idempotency-Key`: the same request
 * sent again gets that response, whatever happened to the connection or the server. `work` must use the repositories that it
 * is given, since SQLite has no second connection.
 */
export async function withIdempotencyKey<Result>(
  ctx: Context & Pick<AppContext, "inTransaction" | "repositories">,
  content: () => string,
  work: (repositories: AppContext["repositories"]) => Promise<Result>,
): Promise<Result | RawJson> {
  const key = submittedKey(ctx, content);
  if (!key) return work(ctx.repositories);
  return ctx.inTransaction(async (repositories) => {
    const earlier = await repositories.idempotencyRecords.claim(key);
    if (earlier) {
      assertSameRequest(key, earlier);
      return new RawJson(earlier.response ?? "null");
    }
    const response = stringifyJson(await work(repositories));
    await repositories.idempotencyRecords.complete(key, { response });
    return new RawJson(response);
  });
}

/** The digest of several texts, which no other texts have, wherever one ends and the next begins. */
function digestOf(texts: string[]): string {
  return digest(JSON.stringify(texts));
}
