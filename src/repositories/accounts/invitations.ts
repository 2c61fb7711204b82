import type { Knex } from "knex";

import { now } from "../../common/timestamps.ts";
import type { Timestamp } from "../../common/timestamps.ts";
import { lockOrganization } from "../../database/locks.ts";
import { digest } from "../../security/crypto.ts";
import { DeadInvitationError } from "../errors.ts";
import { joinedColumns } from "../joined-rows.ts";
import { userColumns } from "./user-columns.ts";
import type { User } from "./user-columns.ts";

export interface Invitation {
  id: number;
  /** The last letters of its token, of which nothing else is stored. */
  last_four: string;
  /** What members read about it. */
  note: string;
  /** The only email, or the only domain of emails, that may join by it; empty for any. */
  email: string;
  domain: string;
  /** How many people may join by it; null for any number. */
  max_uses: number | null;
  uses: number;
  /** Null for never. */
  expires_at: Timestamp | null;
  revoked_at: Timestamp | null;
  /** Null for the command line, and once the account is deleted. */
  created_by_id: number | null;
  created_at: Timestamp;
}

export type NewInvitation = Pick<Invitation, "note" | "email" | "domain" | "max_uses" | "expires_at" | "created_by_id">;

/** An invitation with who made it. */
export interface MadeInvitation extends Invitation {
  creator: User | undefined;
}

export type InvitationState = "active" | "used_up" | "expired" | "revoked";

/** Whether people can join by it, or why not. */
export function invitationState({ uses, max_uses, expires_at, revoked_at }: Invitation): InvitationState {
  if (revoked_at !== null) return "revoked";
  if (max_uses !== null && uses >= max_uses) return "used_up";
  return expires_at !== null && expires_at <= now() ? "expired" : "active";
}

const invitationColumns = [
  "id",
  "last_four",
  "note",
  "email",
  "domain",
  "max_uses",
  "uses",
  "expires_at",
  "revoked_at",
  "created_by_id",
  "created_at",
] as const;

const joinedInvitation = joinedColumns<Invitation>("invitations", invitationColumns);
const joinedCreator = joinedColumns<User>("creators", userColumns);

/** Invitation links with limits, any number of them. */
export function invitations(database: Knex) {
  const select = () =>
    database("invitations")
      .leftJoin("users as creators", "creators.id", "invitations.created_by_id")
      .select([...joinedInvitation.select, ...joinedCreator.select]);

  return {
    /** Stores an invitation. The same token is stored once: for one that is there it returns that, and `isNew` false. */
    async create(token: string, invitation: NewInvitation): Promise<{ invitation: Invitation; isNew: boolean }> {
      const row = { ...invitation, digest: digest(token), last_four: token.slice(-4), created_at: now() };
      const [created] = await database("invitations")
        .insert(row)
        .onConflict("digest")
        .ignore()
        .returning<Invitation[]>(invitationColumns);
      if (created) return { invitation: created, isNew: true };
      const existing = await database("invitations").where({ digest: row.digest }).first(invitationColumns);
      return { invitation: existing, isNew: false };
    },

    async find(id: number): Promise<MadeInvitation | undefined> {
      const row = await select().where("invitations.id", id).first();
      return row && readInvitation(row);
    },

    /** Finds dead ones, too. */
    async findByToken(token: string): Promise<MadeInvitation | undefined> {
      const row = await select().where("invitations.digest", digest(token)).first();
      return row && readInvitation(row);
    },

    /** Newest first. */
    async list({ offset, limit }: { offset: number; limit: number }): Promise<MadeInvitation[]> {
      const rows = await select().orderBy("invitations.id", "desc").offset(offset).limit(limit);
      return rows.map(readInvitation);
    },

    async count(): Promise<number> {
      const [row] = await database("invitations").count({ total: "*" });
      return Number(row?.total);
    },

    /** The latest people who joined by each of these invitations, at most `limit` for each. */
    async listGuests(ids: number[], limit: number): Promise<User[]> {
      if (ids.length === 0) return [];
      const ranked = database("users")
        .whereIn("invitation_id", ids)
        .select("id", database.raw("row_number() over (partition by invitation_id order by id desc) as place"));
      return database("users")
        .whereIn("id", database.from(ranked.as("ranked")).where("place", "<=", limit).select("id"))
        .orderBy("id", "desc")
        .select(userColumns);
    },

    /** Returns false if it was revoked before, or is not there. */
    async revoke(id: number): Promise<boolean> {
      const revoked = await database("invitations").where({ id }).whereNull("revoked_at").update({ revoked_at: now() });
      return revoked > 0;
    },
  };
}

/**
 * Counts a use of the invitation in one statement, in the transaction that makes the account: of several for the last use the
 * others wait, and then find it used up. Returns what is stored with the account. Throws DeadInvitationError unless people can
 * join by it.
 */
export async function spendInvitation(
  transaction: Knex,
  id: number,
): Promise<{ invitation_id: number; invited_by_id: number | null }> {
  // So that its creator is not deleted meanwhile.
  await lockOrganization(transaction);
  const [spent] = await transaction("invitations")
    .where({ id })
    .whereNull("revoked_at")
    .where((query) => {
      query.whereNull("expires_at").orWhere("expires_at", ">", now());
    })
    .where((query) => {
      query.whereNull("max_uses").orWhereRaw("uses < max_uses");
    })
    .update({ uses: transaction.raw("uses + 1") })
    .returning("created_by_id");
  if (!spent) throw new DeadInvitationError();
  return { invitation_id: id, invited_by_id: spent.created_by_id };
}

/** Revokes what somebody who leaves has sent out, of which they may know the links. */
export async function revokeInvitationsOf(database: Knex, user_id: number): Promise<void> {
  await database("invitations").where({ created_by_id: user_id }).whereNull("revoked_at").update({ revoked_at: now() });
}

function readInvitation(row: Record<string, unknown>): MadeInvitation {
  const creator = joinedCreator.read(row);
  return Object.assign(joinedInvitation.read(row), { creator: creator.id === null ? undefined : creator });
}
