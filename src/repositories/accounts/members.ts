import type { Knex } from "knex";

import { now } from "../../common/timestamps.ts";
import type { Timestamp } from "../../common/timestamps.ts";
import { whereIdIn } from "../../database/where-id-in.ts";
import { inTransaction } from "../../database/transaction.ts";
import { unprefix, selectPrefixed } from "../joined-rows.ts";
import { userColumns } from "./user-columns.ts";
import type { User } from "./user-columns.ts";

/** A person's membership of the organization; it stays when the person is removed, and so does what they labeled. */
export interface Member {
  id: number;
  organization_id: number;
  user: User;
  created_at: Timestamp;
  /** When the person was removed. */
  deleted_at: Timestamp | null;
}

export interface MembersQuery {
  /** Leaves out who was removed. */
  active: boolean;
}

const memberColumns = ["id", "organization_id", "created_at", "deleted_at"] as const;

export function members(database: Knex) {
  const select = () =>
    database("users")
      .join("organization_members as members", "members.user_id", "users.id")
      .select([...selectPrefixed("members", memberColumns), ...selectPrefixed("users", userColumns)]);

  const removed = () => database("organization_members").whereNotNull("deleted_at");
  const removedCount = async () => Number((await removed().count({ total: "*" }).first())?.total);
  /** The first of all who are or were members, along an index. */
  const upTo = (limit: number) => database("users").orderBy(["username", "id"]).limit(limit).select("username", "id");
  const contributors = (project_id: number) =>
    database("contributions").where({ project_id }).where("annotations", ">", 0).select("user_id");

  return {
    async add(organization_id: number, user_id: number): Promise<void> {
      await database("organization_members").insert({ organization_id, user_id, created_at: now() });
      await database("organizations").where({ id: organization_id }).increment("member_count", 1);
    },

    /** Everyone who is or was a member, by the id of their user. */
    async find(user_id: number): Promise<Member | undefined> {
      const row = await select().where("users.id", user_id).first();
      return row && readMember(row);
    },

    /** These users, and whoever contributed to this project; by username. */
    async listByIds(user_ids: (number | null)[], project_id?: number): Promise<Member[]> {
      const ids = [...new Set(user_ids.filter((id) => id !== null))];
      if (!ids.length && project_id === undefined) return [];
      const query = select().orderBy(["users.username", "users.id"]);
      const asked = database("users").whereIn("id", ids).select("id");
      // One list of ids: with two of them and an "or" in between PostgreSQL reads all users.
      if (project_id === undefined) query.whereIn("users.id", ids);
      else whereIdIn(database, query, "users.id", asked.union(contributors(project_id)));
      const rows = await query;
      return rows.map(readMember);
    },

    /** Whoever annotated or skipped tasks of this project; by the id of their user. */
    async listAnnotators(project_id: number): Promise<Member[]> {
      const begun = database("contributions").where({ project_id }).whereRaw("tasks + skipped_tasks > 0");
      const query = select().orderBy("users.id");
      whereIdIn(database, query, "users.id", begun.select("user_id"));
      const rows = await query;
      return rows.map(readMember);
    },

    /** By username; `offset` counts members, and a page far down reads an index up to it. */
    async list({ active }: MembersQuery, { offset, limit }: { offset: number; limit: number }): Promise<Member[]> {
      const ids = database.from(upTo(offset + limit + (active ? await removedCount() : 0)).as("users"));
      ids.orderBy(["username", "id"]).offset(offset).limit(limit).select("id");
      if (active) ids.whereNotIn("id", removed().select("user_id"));
      const rows = await select().whereIn("users.id", ids).orderBy(["users.username", "users.id"]);
      return rows.map(readMember);
    },

    /** From the number that is kept; those who were removed are counted, since they are few. */
    async count({ active }: MembersQuery): Promise<number> {
      const kept = await database("organizations").sum({ total: "member_count" }).first();
      return Number(kept?.total) + (active ? 0 : await removedCount());
    },

    /** The next members after this user's id, by it: so that many are read in pieces. */
    async listAfter(user_id: number, limit: number): Promise<Member[]> {
      const rows = await select()
        .where("users.id", ">", user_id)
        // Said of both: PostgreSQL would read all memberships before it.
        .where("members.user_id", ">", user_id)
        .orderBy("users.id")
        .limit(limit);
      return rows.map(readMember);
    },

    /** The ids of all users who are or were members. */
    async userIds(): Promise<number[]> {
      return database("organization_members").orderBy("user_id").pluck("user_id");
    },

    /**
     * Ends a membership: sessions, tokens, image and turns at tasks go with it, the person's row and what they did stay.
     * Gives false when it was ended before.
     */
    async remove(user_id: number): Promise<boolean> {
      return inTransaction(database, async (transaction) => {
        const ended = await endMembership(transaction, user_id);
        if (!ended) return false;
        for (const table of ["sessions", "legacy_tokens", "personal_tokens", "avatars", "task_locks"]) {
          await transaction(table).where({ user_id }).delete();
        }
        await transaction("users").where({ id: user_id }).update({ avatar: null });
        return true;
      });
    },

    /** Before the person's row is deleted. */
    async forget(user_id: number): Promise<void> {
      await endMembership(database, user_id);
    },
  };
}

async function endMembership(database: Knex, user_id: number): Promise<boolean> {
  const [ended] = await database("organization_members")
    .where({ user_id })
    .whereNull("deleted_at")
    .update({ deleted_at: now() })
    .returning("organization_id");
  if (ended) await database("organizations").where({ id: ended.organization_id }).decrement("member_count", 1);
  return ended !== undefined;
}

function readMember(row: Record<string, unknown>): Member {
  return { ...unprefix<Omit<Member, "user">>(row, "members"), user: unprefix<User>(row, "users") };
}
