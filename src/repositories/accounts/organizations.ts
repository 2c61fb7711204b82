import type { Knex } from "knex";

import { now } from "../../common/timestamps.ts";
import type { Timestamp } from "../../common/timestamps.ts";
import { compiledQuery } from "../../database/compiled-query.ts";
import { digest, randomToken } from "../../security/crypto.ts";
import type { Cipher } from "../../security/crypto.ts";
import type { SignupSettings } from "../../security/signup-policy.ts";

export interface Organization extends SignupSettings {
  id: number;
  title: string;
  contact_info: string | null;
  /** The owner, and their email; null once that account is deleted. */
  created_by_id: number | null;
  owner_email: string | null;
  created_at: Timestamp;
  updated_at: Timestamp;
  member_count: number;
  api_tokens_enabled: boolean;
  legacy_api_tokens_enabled: boolean;
  /** How long a new personal access token lasts at most. */
  api_token_ttl_days: number;
  /** How long a new key lasts at most. */
  api_key_ttl_days: number;
  /** From when on everybody needs a second factor to log in; null while nobody has to. */
  two_factor_required_from: Timestamp | null;
  /** Whether pages show the names of those who left beside what they labeled; names of accounts deleted before don't come back. */
  keep_names_of_former_members: boolean;
  /** Minutes since log-in. */
  max_session_age: number;
  /** Minutes since the last request. */
  max_time_between_activity: number;
  /** Null while the two settings above have their initial values. */
  session_policy_updated_at: Timestamp | null;
}

export type TokenSettings = Pick<
  Organization,
  "api_tokens_enabled" | "legacy_api_tokens_enabled" | "api_token_ttl_days" | "api_key_ttl_days"
>;

type OrganizationChanges = Partial<
  Pick<Organization, "title" | "contact_info" | "two_factor_required_from" | "keep_names_of_former_members"> &
    SignupSettings &
    TokenSettings
>;

export type SessionPolicy = Pick<Organization, "max_session_age" | "max_time_between_activity">;

export const organizationColumns = [
  "id",
  "title",
  "contact_info",
  "created_by_id",
  "created_at",
  "updated_at",
  "member_count",
  "api_tokens_enabled",
  "legacy_api_tokens_enabled",
  "api_token_ttl_days",
  "api_key_ttl_days",
  "two_factor_required_from",
  "keep_names_of_former_members",
  "max_session_age",
  "max_time_between_activity",
  "session_policy_updated_at",
  "signup_policy",
  "signup_domains",
] as const;

/** `organizations.column as column`, with the owner's email; for `joinOwner`. */
const qualifiedColumns = [
  ...organizationColumns.map((column) => `organizations.${column} as ${column}`),
  "owners.email as owner_email",
];

/** Joins the owner of `organizations`, unless that account is deleted, as `owners`. */
export function joinOwner(query: Knex.QueryBuilder): void {
  query.leftJoin("users as owners", "owners.id", "organizations.created_by_id");
}

const first = compiledQuery<[], Organization | undefined>((database) =>
  database("organizations").modify(joinOwner).orderBy("organizations.id").first(qualifiedColumns),
);

/** A server has exactly one organization. */
export const onlyOrganizationId = 1;

/** What a new organization is called unless its first person names it. */
export const defaultOrganizationTitle = "My team";

/** Label Studio's name for an organization that nobody has named, which earlier versions gave, too. */
const labelStudioTitle = "Label Studio";

/** Whether somebody has chosen the name. */
export function isNamed({ title }: Pick<Organization, "title">): boolean {
  return title !== defaultOrganizationTitle && title !== labelStudioTitle;
}

/** Whether its name is that of another product, which pages don't show. */
export function hasLabelStudioTitle({ title }: Pick<Organization, "title">): boolean {
  return title === labelStudioTitle;
}

/** Creates an invitation token, and the columns that store it. */
export function newInvite(cipher: Cipher) {
  const token = randomToken();
  return { token, invite_digest: digest(token), invite_encrypted: cipher.encrypt(token) };
}

/** Whether this user owns the organization. */
export async function isOwner(database: Knex, user_id: number): Promise<boolean> {
  return (await database("organizations").where({ created_by_id: user_id }).first("id")) !== undefined;
}

export function organizations(database: Knex, cipher: Cipher) {
  return {
    /** The server's organization; undefined until the first sign-up. */
    async first(): Promise<Organization | undefined> {
      return first(database);
    },

    /** Creates the organization with this owner unless it exists. Returns its id. */
    async findOrCreate(
      owner_id: number,
      { title, legacy_api_tokens_enabled }: { title: string | undefined; legacy_api_tokens_enabled: boolean },
    ): Promise<number> {
      const { token: _, ...invite } = newInvite(cipher);
      const created_at = now();
      // Of two first sign-ups at once the second inserts nothing, and its user joins.
      await database("organizations")
        .insert({
          id: onlyOrganizationId,
          title: title || defaultOrganizationTitle,
          created_by_id: owner_id,
          created_at,
          updated_at: created_at,
          ...invite,
          legacy_api_tokens_enabled,
          api_token_ttl_days: 365,
          max_session_age: 11_520,
          max_time_between_activity: 4_320,
        })
        .onConflict("id")
        .ignore();
      return onlyOrganizationId;
    },

    /** By an invitation token. */
    async findByInvite(token: string): Promise<Organization | undefined> {
      return database("organizations")
        .modify(joinOwner)
        .where({ invite_digest: digest(token) })
        .first(qualifiedColumns);
    },

    async inviteToken(id: number): Promise<string> {
      const row = await database("organizations").where({ id }).first("invite_encrypted");
      return cipher.decrypt(row.invite_encrypted);
    },

    /**
     * Replaces the invitation token, and returns the new one. If another call has replaced it meanwhile, it returns that one, so
     * that each caller has a link that works.
     */
    async resetInvite(id: number): Promise<string> {
      const { invite_digest } = await database("organizations").where({ id }).first("invite_digest");
      const { token, ...columns } = newInvite(cipher);
      const replaced = await database("organizations")
        .where({ id, invite_digest })
        .update({ ...columns, updated_at: now() });
      return replaced > 0 ? token : organizations(database, cipher).inviteToken(id);
    },

    /** Fields left out stay as they are. */
    async update(id: number, changes: OrganizationChanges): Promise<void> {
      await database("organizations")
        .where({ id })
        .update({ ...changes, updated_at: now() });
    },

    /** Applies to open sessions, too, from their next request on. */
    async updateSessionPolicy(id: number, policy: Partial<SessionPolicy>): Promise<void> {
      await database("organizations")
        .where({ id })
        .update({ ...policy, session_policy_updated_at: now() });
    },
  };
}
