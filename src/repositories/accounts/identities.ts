import type { Knex } from "knex";

import type { Timestamp } from "../../common/timestamps.ts";
import { compiledQuery } from "../../database/compiled-query.ts";
import { digest } from "../../security/crypto.ts";
import { joinedColumns } from "../joined-rows.ts";
import type { ApiKey } from "./api-keys.ts";
import { joinOwner, organizationColumns } from "./organizations.ts";
import type { Organization } from "./organizations.ts";
import { userColumns } from "./user-columns.ts";
import type { User } from "./user-columns.ts";

/** An authenticated user: active, and a member of the organization. */
interface Identity {
  user: User;
  organization: Organization;
}

interface KeyIdentity extends Identity {
  key: Pick<ApiKey, "id" | "is_read_only" | "expires_at" | "last_used_at"> & { is_revoked: boolean };
}

interface PersonalIdentity extends Identity {
  is_revoked: boolean;
  last_used_at: Timestamp | null;
}

/** Whether a user may sign in, since when sessions of theirs are valid, and the email that was changed before they read that. */
interface AccountStatus {
  is_active: boolean;
  password_changed_at: string;
  previous_email: string | null;
}

type StoredKey = Omit<KeyIdentity["key"], "is_revoked"> & { revoked_at: Timestamp | null };

type Row = Record<string, unknown>;

const users = joinedColumns<User>("users", userColumns);
const organizations = joinedColumns<Omit<Organization, "owner_email">>("organizations", organizationColumns);
const owners = joinedColumns<{ email: string | null }>("owners", ["email"]);
const statuses = joinedColumns<AccountStatus>("users", ["is_active", "password_changed_at", "previous_email"]);
const keys = joinedColumns<StoredKey>("api_keys", ["id", "is_read_only", "expires_at", "last_used_at", "revoked_at"]);

export const identityColumns = [...users.select, ...statuses.select, ...organizations.select, ...owners.select];

const byLegacyToken = compiledQuery<[digest: string], Row | undefined>((database, digest) =>
  database("legacy_tokens")
    .modify(joinIdentity, "legacy_tokens.user_id")
    .where("legacy_tokens.digest", digest)
    .first(identityColumns),
);

const byUser = compiledQuery<[id: number], Row | undefined>((database, id) =>
  database("users as requester").modify(joinIdentity, "requester.id").where("requester.id", id).first(identityColumns),
);

const byPersonalToken = compiledQuery<
  [jti: string],
  (Row & { revoked_at: Timestamp | null; last_used_at: Timestamp | null }) | undefined
>((database, jti) =>
  database("personal_tokens")
    .modify(joinIdentity, "personal_tokens.user_id")
    .where("personal_tokens.jti", jti)
    .first([
      ...identityColumns,
      "personal_tokens.revoked_at as revoked_at",
      "personal_tokens.last_used_at as last_used_at",
    ]),
);

const byApiKey = compiledQuery<[digest: string], Row | undefined>((database, digest) =>
  database("api_keys")
    .modify(joinIdentity, "api_keys.user_id")
    .where("api_keys.digest", digest)
    .first([...identityColumns, ...keys.select]),
);

/** Finds who a request is from, in one query. Removed and inactive users are not found. */
export function identities(database: Knex) {
  return {
    async findByLegacyToken(token: string): Promise<Identity | undefined> {
      const row = await byLegacyToken(database, digest(token));
      return row && readIdentity(row)?.identity;
    },

    async findByUser(id: number): Promise<Identity | undefined> {
      const row = await byUser(database, id);
      return row && readIdentity(row)?.identity;
    },

    /** By the `jti` claim of a personal access token, which may be revoked. */
    async findByPersonalToken(jti: string): Promise<PersonalIdentity | undefined> {
      const row = await byPersonalToken(database, jti);
      const identity = row && readIdentity(row)?.identity;
      return (
        identity && Object.assign(identity, { is_revoked: row.revoked_at !== null, last_used_at: row.last_used_at })
      );
    },

    /** By a whole key, which may have expired or be revoked. */
    async findByApiKey(key: string): Promise<KeyIdentity | undefined> {
      const row = await byApiKey(database, digest(key));
      const identity = row && readIdentity(row)?.identity;
      if (!identity) return undefined;
      const { revoked_at, ...stored } = keys.read(row);
      return { ...identity, key: { ...stored, is_revoked: revoked_at !== null } };
    },
  };
}

/** Joins the user whose id is in `column`, and the organization they are a member of. */
export function joinIdentity(query: Knex.QueryBuilder, column: string): void {
  query
    .leftJoin("users", "users.id", column)
    .leftJoin("organization_members as members", (join: Knex.JoinClause) => {
      join.on("members.user_id", "users.id").andOnNull("members.deleted_at");
    })
    .leftJoin("organizations", "organizations.id", "members.organization_id")
    .modify(joinOwner);
}

/** Reads a row of `joinIdentity`. Returns undefined if its user may not sign in. */
export function readIdentity(row: Row): ({ identity: Identity } & Omit<AccountStatus, "is_active">) | undefined {
  const { is_active, password_changed_at, previous_email } = statuses.read(row);
  if (!row.users__id || !is_active || !row.organizations__id) return undefined;
  const user = users.read(row);
  const organization = Object.assign(organizations.read(row), { owner_email: owners.read(row).email });
  return { identity: { user, organization }, password_changed_at, previous_email };
}
