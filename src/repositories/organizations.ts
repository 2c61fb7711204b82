import type { Knex } from "knex";

import { now } from "../clock.ts";
import type { Moment } from "../clock.ts";
import { digest, randomToken } from "../secrets.ts";
import type { Sealer } from "../secrets.ts";

export interface Organization {
  id: number;
  title: string;
  created_by_id: number | null;
  created_at: Moment;
  member_count: number;
  api_tokens_enabled: boolean;
  legacy_api_tokens_enabled: boolean;
  api_token_ttl_days: number;
  /** Minutes since log-in. */
  max_session_age: number;
  /** Minutes since the last request. */
  max_time_between_activity: number;
}

export type TokenSettings = Pick<
  Organization,
  "api_tokens_enabled" | "legacy_api_tokens_enabled" | "api_token_ttl_days"
>;

export const organizationColumns = [
  "id",
  "title",
  "created_by_id",
  "created_at",
  "member_count",
  "api_tokens_enabled",
  "legacy_api_tokens_enabled",
  "api_token_ttl_days",
  "max_session_age",
  "max_time_between_activity",
] as const;

/** A server has one organization. */
const onlyId = 1;

export function organizations(database: Knex, sealer: Sealer) {
  const newInvite = () => {
    const token = randomToken();
    return { invite_digest: digest(token), invite_sealed: sealer.seal(token) };
  };

  return {
    /** The server's organization; undefined until somebody has an account. */
    async first(): Promise<Organization | undefined> {
      return database("organizations").select(organizationColumns).orderBy("id").first();
    },

    /** Founds the organization with this owner unless there is one, and gives its id. */
    async foundOrFind(
      owner_id: number,
      { legacy_api_tokens_enabled }: { legacy_api_tokens_enabled: boolean },
    ): Promise<number> {
      // Two first sign-ups at the same moment: the second insert does nothing, and its user joins.
      await database("organizations")
        .insert({
          id: onlyId,
          title: "Label Studio",
          created_by_id: owner_id,
          created_at: now(),
          updated_at: now(),
          ...newInvite(),
          legacy_api_tokens_enabled,
          api_token_ttl_days: 73_000,
          max_session_age: 11_520,
          max_time_between_activity: 4_320,
        })
        .onConflict("id")
        .ignore();
      return onlyId;
    },

    async addMember(organization_id: number, user_id: number): Promise<void> {
      await database("organization_members").insert({ organization_id, user_id, created_at: now() });
      await database("organizations").where({ id: organization_id }).increment("member_count", 1);
    },

    /** The organization this invitation token belongs to. */
    async findByInvite(token: string): Promise<Organization | undefined> {
      return database("organizations")
        .select(organizationColumns)
        .where({ invite_digest: digest(token) })
        .first();
    },

    async inviteToken(id: number): Promise<string> {
      const row = await database("organizations").where({ id }).first("invite_sealed");
      return sealer.open(row.invite_sealed);
    },

    /** Makes a new invitation token; the old one is refused from now on. */
    async resetInvite(id: number): Promise<void> {
      await database("organizations")
        .where({ id })
        .update({ ...newInvite(), updated_at: now() });
    },

    async updateTokenSettings(id: number, settings: TokenSettings): Promise<void> {
      await database("organizations")
        .where({ id })
        .update({ ...settings, updated_at: now() });
    },
  };
}
