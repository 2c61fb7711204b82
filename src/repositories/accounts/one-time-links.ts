import type { Knex } from "knex";

import { daysFromNow, now } from "../../common/timestamps.ts";
import type { Timestamp } from "../../common/timestamps.ts";
import { digest } from "../../security/crypto.ts";

/** What a link is for: to set a password, or to confirm a new email. */
export type LinkPurpose = "password" | "email";

/** Why a link ended before it expired. */
export type LinkEndReason = "used" | "replaced" | "password_changed" | "email_changed" | "cancelled";

/** `inactive`: its user may not log in. */
export type LinkState = "valid" | "expired" | "inactive" | LinkEndReason;

interface NewLink {
  user_id: number;
  purpose: LinkPurpose;
  token: string;
  email?: string;
  created_by_id: number | null;
  form_key?: string | undefined;
}

export interface OneTimeLink {
  id: number;
  user_id: number;
  email: string | null;
  created_by_id: number | null;
  created_at: Timestamp;
  expires_at: Timestamp;
  ended_at: Timestamp | null;
  end_reason: LinkEndReason | null;
}

/** How long a link works, in days. */
const lifetime = 1;

/** So many days after a link has expired, its page still says so. */
const daysUntilDeletion = 30;

const linkColumns = [
  "id",
  "user_id",
  "email",
  "created_by_id",
  "created_at",
  "expires_at",
  "ended_at",
  "end_reason",
] as const;

const active = (database: Knex) => database("one_time_links").whereNull("ended_at").where("expires_at", ">", now());

/** Stores a link by the digest of its token, and ends older ones for the same purpose. The caller has locked the user. */
export async function insertLink(
  transaction: Knex,
  { token, form_key, ...link }: NewLink,
): Promise<Pick<OneTimeLink, "expires_at">> {
  await endLinks(transaction, link.user_id, "replaced", link.purpose);
  const expires_at = daysFromNow(lifetime);
  await transaction("one_time_links").insert({
    ...link,
    digest: digest(token),
    form_digest: form_key ? digest(form_key) : null,
    created_at: now(),
    expires_at,
  });
  return { expires_at };
}

/** The link of a form that was sent before. */
export async function findLinkOfForm(
  database: Knex,
  user_id: number,
  form_key: string,
): Promise<OneTimeLink | undefined> {
  return database("one_time_links")
    .where({ user_id, form_digest: digest(form_key) })
    .first(linkColumns);
}

/** The newest link of a user that still works. */
export async function findActiveLink(
  database: Knex,
  user_id: number,
  purpose: LinkPurpose,
): Promise<OneTimeLink | undefined> {
  return active(database).where({ user_id, purpose }).orderBy("id", "desc").first(linkColumns);
}

export async function findLink(database: Knex, token: string, purpose: LinkPurpose): Promise<OneTimeLink | undefined> {
  return database("one_time_links")
    .where({ digest: digest(token), purpose })
    .first(linkColumns);
}

/** Ends a link because it is used. Returns false if it has ended or expired before: of two uses at once one wins. */
export async function consumeLink(transaction: Knex, token: string, purpose: LinkPurpose): Promise<boolean> {
  const used = await active(transaction)
    .where({ digest: digest(token), purpose })
    .update({ ended_at: now(), end_reason: "used" });
  return used > 0;
}

/** Ends the links of a user that still work, for one purpose or for any. */
export async function endLinks(
  database: Knex,
  user_id: number,
  end_reason: LinkEndReason,
  purpose?: LinkPurpose,
): Promise<void> {
  await active(database)
    .where({ user_id, ...(purpose && { purpose }) })
    .update({ ended_at: now(), end_reason });
}

/** Whether a link works; `isActive`: whether its user may log in. */
export function linkState({ ended_at, end_reason, expires_at }: OneTimeLink, isActive: boolean): LinkState {
  if (ended_at !== null && end_reason !== null) return end_reason;
  if (expires_at <= now()) return "expired";
  return isActive ? "valid" : "inactive";
}

/** Deletes links that expired long ago. */
export async function deleteOldLinks(database: Knex): Promise<void> {
  await database("one_time_links").where("expires_at", "<=", daysFromNow(-daysUntilDeletion)).delete();
}
