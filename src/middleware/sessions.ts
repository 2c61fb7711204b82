import type Koa from "koa";
import type { Middleware, Next } from "koa";
import session from "koa-session";

import { toTimestamp } from "../common/timestamps.ts";
import type { Timestamp } from "../common/timestamps.ts";
import type { Config } from "../config/config.ts";
import type { AppContext, Context } from "../context.ts";
import type { PendingLogin, SessionData } from "../repositories/accounts/sessions.ts";
import { randomToken } from "../security/crypto.ts";
import { hasToken } from "./token-authentication.ts";

/** How long the cookie of "Keep me logged in" lasts. The organization's session policy may end the session earlier. */
const cookieMilliseconds = 30 * 86_400_000;

/**
 * Sessions in the database; the cookie holds only an opaque random id (43 letters and digits, 256 bits). Requests with
 * an API token have no session.
 */
export function sessions(app: Koa<object, AppContext>, config: Config): Middleware {
  const sessionMiddleware = session(
    { ContextStore: SessionStore, genid: () => randomToken(43), maxAge: "session", signed: false },
    app,
  );
  const unlessToken = async (ctx: Context, next: Next) => {
    if (hasToken(ctx)) return next();
    nameCookie(ctx, config);
    return sessionMiddleware(ctx, next);
  };
  return unlessToken as Middleware;
}

/**
 * Browsers accept cookies with these prefixes only over https: `__Secure-`, and `__Host-` for one host and all its
 * paths. The name must be the same for all requests of a browser.
 */
function nameCookie(ctx: Context, config: Config): void {
  const secure = ctx.secure || config.session_cookie_secure;
  const prefix = !ctx.is_always_https ? "" : config.base_path ? "__Secure-" : "__Host-";
  // Browsers send no other cookie from a frame in another site's page, and one of these from that site's pages only.
  const framed = ctx.secure && config.frame_ancestors.length > 0;
  const scope = { path: config.base_path || "/", sameSite: framed ? "none" : "lax", partitioned: framed } as const;
  Object.assign(ctx.sessionOptions, { key: `${prefix}sessionid`, secure }, scope);
  ctx.cookies.secure = secure;
}

/** koa-session's store for one request. Loading the session also sets the user in ctx.state, in the same query. */
class SessionStore {
  readonly #ctx: Context;
  #storedKey: string | undefined;

  constructor(ctx: Context) {
    this.#ctx = ctx;
  }

  async get(key: string): Promise<SessionData | undefined> {
    const stored = await this.#ctx.repositories.sessions.find(key);
    if (!stored) return undefined;
    const { data, user, organization, previous_email, has_two_factor, ...current_session } = stored;
    if (user && organization)
      Object.assign(this.#ctx.state, { user, organization, current_session, previous_email, has_two_factor });
    this.#storedKey = key;
    return data;
  }

  async set(key: string, data: SessionData): Promise<void> {
    if (key === this.#storedKey) {
      await this.#ctx.repositories.sessions.update(key, data);
    } else {
      await this.#ctx.repositories.sessions.create(key, data, this.#ctx.get("User-Agent"));
      this.#storedKey = key;
    }
  }

  async destroy(key: string): Promise<void> {
    if (key === this.#storedKey) await this.#ctx.repositories.sessions.delete(key);
  }
}

/**
 * Starts a session of this user under a new id (against session fixation). `remember`: the cookie survives the
 * browser's window. `password_submitted_at`: when the password was submitted; if it was changed after that, the session is not
 * valid.
 */
export async function startSession(
  ctx: Context,
  user_id: number,
  { remember, password_submitted_at }: { remember: boolean; password_submitted_at: Timestamp },
): Promise<void> {
  await renewSession(ctx, { user_id, password_submitted_at }, remember ? cookieMilliseconds : "session");
  await ctx.repositories.users.touch(user_id);
}

/**
 * Goes on after the right password: starts a session, or leads those with a second factor to its page first. Returns whether the
 * user is logged in now.
 */
export async function continueLogin(ctx: Context, { user_id, ...pending }: PendingLogin): Promise<boolean> {
  if (await ctx.repositories.twoFactor.isEnabled(user_id)) {
    await startPendingLogin(ctx, { user_id, ...pending });
    ctx.redirect("/user/login/code");
    return false;
  }
  await startSession(ctx, user_id, pending);
  ctx.redirect(pending.next);
  return true;
}

/** Remembers, under a new id, who has typed the right password and has yet to enter a code: nobody is logged in. */
async function startPendingLogin(ctx: Context, pending_login: PendingLogin): Promise<void> {
  await renewSession(ctx, { pending_login }, "session");
}

/** Gives the session of a user who just changed the password a new id. */
export async function renewOwnSession(ctx: Context, user_id: number): Promise<void> {
  // Later than the change, since a session that began in the same millisecond may have been opened with the old
  // password.
  const password_submitted_at = toTimestamp(Date.now() + 1);
  await renewSession(ctx, { user_id, password_submitted_at }, ctx.session?.maxAge ?? "session");
}

/** Ends the session, and shows the visitor a message on the next page. */
export async function endSession(ctx: Context, message: string): Promise<void> {
  await renewSession(ctx, { flash: { text: message } }, "session");
}

async function renewSession(ctx: Context, data: SessionData, maxAge: number | "session"): Promise<void> {
  ctx.session = Object.assign(ctx.session ?? {}, {
    user_id: undefined,
    pending_login: undefined,
    ...data,
  }) as Context["session"];
  await ctx.session?.regenerate();
  // koa-session drops maxAge when it saves, and saves once more at the end of the request.
  if (ctx.session) ctx.session.maxAge = maxAge;
}
