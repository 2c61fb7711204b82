import createError from "http-errors";

import type { Timestamp } from "../common/timestamps.ts";
import type { Context, SignedIn } from "../context.ts";
import type { RecoverableAccount } from "../repositories/accounts/recovery-links.ts";
import { deriveToken, randomToken } from "../security/crypto.ts";
import { orNotFound } from "./or-not-found.ts";
import { assertCanManagePeople } from "./owner-only.ts";
import { recordEvent } from "./record-event.ts";

type OwnersContext = Pick<Context, "config" | "get" | "ip" | "log" | "repositories"> & { state: SignedIn };

/** The path and query of the page where a person sets their password. */
export function recoveryPath(token: string): string {
  return `/user/set-password/?token=${token}`;
}

/**
 * Returns somebody for whom the requester may make a link to set their password. Throws 403 unless the requester is the owner, 404
 * if there is no such person, and 409 for oneself and for those who may not log in.
 */
export async function findRecoverable(ctx: OwnersContext, user_id: number): Promise<RecoverableAccount> {
  const { user } = ctx.state;
  assertCanManagePeople(ctx);
  const account = orNotFound(await ctx.repositories.recoveryLinks.findAccount(user_id));
  if (account.user.id === user.id)
    throw refusal(
      "This is your own account",
      "Change your password under Account & Settings, Password. If you forgot it, log out and follow “Forgot your password?”.",
    );
  if (!account.is_active)
    throw refusal(
      "A link would do nothing",
      "This person can't log in here: they are deactivated or removed. Nothing was changed.",
    );
  return account;
}

/**
 * Makes a link for somebody of `findRecoverable`, which ends older ones. The form of a page that is sent again within a minute
 * gets the same link; later there is none, since it was shown.
 */
export async function createRecoveryLink(
  ctx: OwnersContext,
  { user }: RecoverableAccount,
  form_key?: string,
): Promise<{ token: string; expires_at: Timestamp } | undefined> {
  const created_by_id = ctx.state.user.id;
  const purpose = "recovery links";
  const token = form_key
    ? deriveToken(ctx.config.secret_key, purpose, `${user.id} ${created_by_id} ${form_key}`)
    : randomToken();
  const link = { user_id: user.id, token, created_by_id, form_key };
  const { expires_at, is_new, is_shown } = await ctx.repositories.recoveryLinks.create(link);
  if (is_new) await recordEvent(ctx, "authn_recovery_link_created", { user: user.id });
  return is_shown ? { token, expires_at } : undefined;
}

function refusal(title: string, text: string): Error {
  return createError(409, title, { explanation: { title, text } });
}
