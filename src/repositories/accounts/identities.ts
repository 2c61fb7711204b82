import type { Knex } from "knex";

import type { Timestamp } from "../../common/timestamps.ts";
import { digest } from "../../security/crypto.ts";
import { selectPrefixed, unprefix } from "../joined-rows.ts";
import { organizationColumns } from "./organizations.ts";
import type { Organization } from "./organizations.ts";
import { userColumns } from "./user-columns.ts";
import type { User } from "./user-columns.ts";

/** Somebody who may come in: an active member, with the organization. */
export interface Identity {
  user: User;
  organization: Organization;
}

interface PersonalIdentity extends Identity {
  is_revoked: boolean;
  last_used_at: Timestamp | null;
}

/** What decides whether a person may come in, and since when. */
interface AccountStatus {
  is_active: boolean;
  password_changed_at: string;
}

/** Whom a token stands for, in one query. Nobody is found who was removed or is not active. */
export function identities(database: Knex) {
  return {
    async findByLegacyToken(token: string): Promise<Identity | undefined> {
      const row = await database("legacy_tokens")
        .modify(joinIdentity, "legacy_tokens.user_id")
        .where("legacy_tokens.digest", digest(token))
        .first(identityColumns);
      return row && readIdentity(row)?.identity;
    },

    async findByUser(id: number): Promise<Identity | undefined> {
      const row = await database("users as asking")
        .modify(joinIdentity, "asking.id")
        .where("asking.id", id)
        .first(identityColumns);
      return row && readIdentity(row)?.identity;
    },

    /** By the id inside a personal access token; also says whether that token still works. */
    async findByPersonalToken(jti: string): Promise<PersonalIdentity | undefined> {
      const row = await database("personal_tokens")
        .modify(joinIdentity, "personal_tokens.user_id")
        .where("personal_tokens.jti", jti)
        .first([
          ...identityColumns,
          "personal_tokens.revoked_at as revoked_at",
          "personal_tokens.last_used_at as last_used_at",
        ]);
      const found = row && readIdentity(row);
      return found && { ...found.identity, is_revoked: row.revoked_at !== null, last_used_at: row.last_used_at };
    },
  };
}

export const identityColumns = [
  ...selectPrefixed("users", [...userColumns, "is_active", "password_changed_at"]),
  ...selectPrefixed("organizations", organizationColumns),
];

/** Joins the person whose id is in `column`, and the organization they are a member of. */
export function joinIdentity(query: Knex.QueryBuilder, column: string): void {
  query
    .leftJoin("users", "users.id", column)
    .leftJoin("organization_members as members", (join: Knex.JoinClause) => {
      join.on("members.user_id", "users.id").andOnNull("members.deleted_at");
    })
    .leftJoin("organizations", "organizations.id", "members.organization_id");
}

/** Reads a joined row; undefined when nobody in it may come in. */
export function readIdentity(
  row: Record<string, unknown>,
): { identity: Identity; password_changed_at: string } | undefined {
  const { is_active, password_changed_at, ...user } = unprefix<User & AccountStatus>(row, "users");
  const organization = unprefix<Organization>(row, "organizations");
  if (!user.id || !is_active || !organization.id) return undefined;
  return { identity: { user, organization }, password_changed_at };
}
