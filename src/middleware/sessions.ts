import type Koa from "koa";
import type { Middleware, Next } from "koa";
import session from "koa-session";

import { now } from "../common/timestamps.ts";
import type { Timestamp } from "../common/timestamps.ts";
import type { Config } from "../config/config.ts";
import type { AppContext, Context } from "../context.ts";
import type { SessionData } from "../repositories/accounts/sessions.ts";
import { randomToken } from "../security/crypto.ts";
import { hasToken } from "./token-authentication.ts";

/** How long the cookie of "Keep me signed in" lasts; the server ends the session earlier by the organization's policy. */
const cookieMilliseconds = 30 * 86_400_000;

/**
 * Sessions in the database, with nothing but an opaque id in the cookie (43 letters and digits, 256 bits). A request that
 * shows a token has none.
 */
export function sessions(app: Koa<object, AppContext>, config: Config): Middleware {
  const kept = session(
    { ContextStore: SessionStore, genid: () => randomToken(43), maxAge: "session", sameSite: "lax", signed: false },
    app,
  );
  const ofBrowsers = async (ctx: Context, next: Next) => {
    if (hasToken(ctx)) return next();
    nameCookie(ctx, config);
    return kept(ctx, next);
  };
  return ofBrowsers as Middleware;
}

/** Browsers take a cookie with such a prefix only over https, from this very host, and (`__Host-`) for the whole of it. */
function nameCookie(ctx: Context, config: Config): void {
  const secure = ctx.secure || config.session_cookie_secure;
  const prefix = !ctx.secure ? "" : config.base_path ? "__Secure-" : "__Host-";
  Object.assign(ctx.sessionOptions, { key: `${prefix}sessionid`, path: config.base_path || "/", secure });
  ctx.cookies.secure = secure;
}

/** koa-session's store for one request, which also learns from it who is asking. */
class SessionStore {
  readonly #ctx: Context;
  #kept: string | undefined;

  constructor(ctx: Context) {
    this.#ctx = ctx;
  }

  async get(key: string): Promise<SessionData | undefined> {
    const found = await this.#ctx.repositories.sessions.find(key);
    if (!found) return undefined;
    const { data, user, organization, ...open_session } = found;
    if (user && organization) Object.assign(this.#ctx.state, { user, organization, open_session });
    this.#kept = key;
    return data;
  }

  async set(key: string, data: SessionData): Promise<void> {
    if (key === this.#kept) {
      await this.#ctx.repositories.sessions.update(key, data);
    } else {
      await this.#ctx.repositories.sessions.create(key, data, this.#ctx.get("User-Agent"));
      this.#kept = key;
    }
  }

  async destroy(key: string): Promise<void> {
    if (key === this.#kept) await this.#ctx.repositories.sessions.delete(key);
  }
}

/**
 * Starts a session of this person under a new id. `remember`: it outlives the browser's window. `asked_at`: when the
 * password was sent; one that was changed since then opens nothing.
 */
export async function startSession(
  ctx: Context,
  user_id: number,
  { remember, asked_at }: { remember: boolean; asked_at: Timestamp },
): Promise<void> {
  await renewSession(ctx, { user_id, asked_at }, remember ? cookieMilliseconds : "session");
}

/** Gives the session a new id, after the person proved once more who they are. */
export async function renewOwnSession(ctx: Context, user_id: number): Promise<void> {
  await renewSession(ctx, { user_id, asked_at: now() }, ctx.session?.maxAge ?? "session");
}

/** Ends the session for good, and leaves the visitor a message. */
export async function endSession(ctx: Context, message: string): Promise<void> {
  await renewSession(ctx, { flash: message }, "session");
}

async function renewSession(ctx: Context, data: SessionData, maxAge: number | "session"): Promise<void> {
  ctx.session = Object.assign(ctx.session ?? {}, { user_id: undefined, ...data }) as Context["session"];
  await ctx.session?.regenerate();
  // koa-session forgets it when it saves, and it saves once more at the end of the request.
  if (ctx.session) ctx.session.maxAge = maxAge;
}
