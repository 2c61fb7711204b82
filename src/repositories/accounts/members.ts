import type { Knex } from "knex";

import { now } from "../../common/timestamps.ts";
import type { Timestamp } from "../../common/timestamps.ts";
import { whereIdIn } from "../../database/where-id-in.ts";
import type { ProjectCounters } from "../counters/contribution-counters.ts";
import { isAnnotatorSql } from "../counters/counter-sql.ts";
import { joinedColumns } from "../joined-rows.ts";
import { userColumns } from "./user-columns.ts";
import type { User } from "./user-columns.ts";

/** A user's membership of the organization. It stays when the member is removed, and so does their work. */
export interface Member {
  id: number;
  organization_id: number;
  user: User;
  created_at: Timestamp;
  /** When the member was removed. */
  deleted_at: Timestamp | null;
  /** Whether the organization shows the names of those who were. */
  keeps_name: boolean;
}

/** A user, and what they did in a project. */
export interface ProjectMember extends Member {
  progress: ProjectProgress;
}

type ProjectProgress = Omit<ProjectCounters, "user_id">;

interface MembersQuery {
  /** Without removed members. */
  active: boolean;
}

const joinedMember = joinedColumns<Omit<Member, "user" | "keeps_name">>("members", [
  "id",
  "organization_id",
  "created_at",
  "deleted_at",
]);
const joinedUser = joinedColumns<User>("users", userColumns);
const joinedProgress = joinedColumns<Partial<ProjectProgress>>("contributions", [
  "annotations",
  "tasks",
  "skipped_tasks",
  "labeled_tasks",
  "last_at",
]);

export function members(database: Knex) {
  const select = () =>
    database("users")
      .join("organization_members as members", "members.user_id", "users.id")
      .join("organizations", "organizations.id", "members.organization_id")
      .select([
        ...joinedMember.select,
        "organizations.keep_names_of_former_members as keeps_name",
        ...joinedUser.select,
      ]);

  const removed = () => database("organization_members").whereNotNull("deleted_at");
  const countRemoved = async () => Number((await removed().count({ total: "*" }).first())?.total);
  /** The first users by username, removed members included, along an index. */
  const firstUsers = (limit: number) =>
    database("users").orderBy(["username", "id"]).limit(limit).select("username", "id");
  const annotators = (project_id: number) => database("contributions").where({ project_id }).whereRaw(isAnnotatorSql);

  const inProject = (project_id: number) =>
    select()
      .leftJoin("contributions", (join) => {
        join.on("contributions.user_id", "users.id").andOnVal("contributions.project_id", project_id);
      })
      .select(joinedProgress.select)
      .orderBy(["users.username", "users.id"]);

  return {
    async add(organization_id: number, user_id: number): Promise<void> {
      await database("organization_members").insert({ organization_id, user_id, created_at: now() });
      await database("organizations").where({ id: organization_id }).increment("member_count", 1);
    },

    /** By the id of the user; removed members are found, too. */
    async find(user_id: number): Promise<Member | undefined> {
      const row = await select().where("users.id", user_id).first();
      return row && readMember(row);
    },

    /** These users; sorted by username. */
    async listByIds(user_ids: (number | null)[]): Promise<Member[]> {
      const ids = distinctIds(user_ids);
      if (!ids.length) return [];
      const rows = await select().whereIn("users.id", ids).orderBy(["users.username", "users.id"]);
      return rows.map(readMember);
    },

    /** These users with what they did in this project; sorted by username. */
    async listByIdsInProject(project_id: number, user_ids: (number | null)[]): Promise<ProjectMember[]> {
      const rows = await inProject(project_id).whereIn("users.id", distinctIds(user_ids));
      return rows.map(readProjectMember);
    },

    /** These users and all who annotated or skipped tasks of this project, with what they did in it; sorted by username. */
    async listInProject(project_id: number, user_ids: (number | null)[]): Promise<ProjectMember[]> {
      const requested = database("users").whereIn("id", distinctIds(user_ids)).select("id");
      const query = inProject(project_id);
      // A union rather than two conditions with "or", for which PostgreSQL would scan all users.
      whereIdIn(database, query, "users.id", requested.union(annotators(project_id).select("user_id")));
      const rows = await query;
      return rows.map(readProjectMember);
    },

    /** Users who annotated or skipped tasks of this project; sorted by user id. */
    async listAnnotators(project_id: number): Promise<Member[]> {
      const query = select().orderBy("users.id");
      whereIdIn(database, query, "users.id", annotators(project_id).select("user_id"));
      const rows = await query;
      return rows.map(readMember);
    },

    /** Sorted by username. `offset` counts members; a late page scans the index up to its offset. */
    async list({ active }: MembersQuery, { offset, limit }: { offset: number; limit: number }): Promise<Member[]> {
      const skipped = active ? await countRemoved() : 0;
      const ids = database.from(skipped > 0 ? firstUsers(offset + limit + skipped).as("users") : "users");
      ids.orderBy(["username", "id"]).offset(offset).limit(limit).select("id");
      if (skipped > 0) ids.whereNotIn("id", removed().select("user_id"));
      const rows = await select().whereIn("users.id", ids).orderBy(["users.username", "users.id"]);
      return rows.map(readMember);
    },

    /** Reads the stored counter; only removed members, who are few, are counted by a query. */
    async count({ active }: MembersQuery): Promise<number> {
      const row = await database("organizations").sum({ total: "member_count" }).first();
      return Number(row?.total) + (active ? 0 : await countRemoved());
    },

    /** The next members by user id, for reading all of them in batches. */
    async listAfter(user_id: number, limit: number): Promise<Member[]> {
      const rows = await select()
        .where("users.id", ">", user_id)
        // The condition on both tables keeps PostgreSQL from scanning the memberships before it.
        .where("members.user_id", ">", user_id)
        .orderBy("users.id")
        .limit(limit);
      return rows.map(readMember);
    },

    /** The ids of all members, removed ones included. */
    async userIds(): Promise<number[]> {
      return database("organization_members").orderBy("user_id").pluck("user_id");
    },
  };
}

/** Marks the membership as ended and updates the counter of members. Returns false if it was ended before. */
export async function endMembership(database: Knex, user_id: number): Promise<boolean> {
  const [ended] = await database("organization_members")
    .where({ user_id })
    .whereNull("deleted_at")
    .update({ deleted_at: now() })
    .returning("organization_id");
  if (ended) await database("organizations").where({ id: ended.organization_id }).decrement("member_count", 1);
  return ended !== undefined;
}

/** Undoes the end of a membership and updates the counter of members. Returns false if it has not ended. */
export async function resumeMembership(database: Knex, user_id: number): Promise<boolean> {
  const [resumed] = await database("organization_members")
    .where({ user_id })
    .whereNotNull("deleted_at")
    .update({ deleted_at: null })
    .returning("organization_id");
  if (resumed) await database("organizations").where({ id: resumed.organization_id }).increment("member_count", 1);
  return resumed !== undefined;
}

/** Without the authors whose accounts were deleted. */
function distinctIds(user_ids: (number | null)[]): number[] {
  return [...new Set(user_ids.filter((id) => id !== null))];
}

function readMember(row: Record<string, unknown>): Member {
  return Object.assign(joinedMember.read(row), { keeps_name: row.keeps_name as boolean, user: joinedUser.read(row) });
}

function readProjectMember(row: Record<string, unknown>): ProjectMember {
  const { annotations, tasks, skipped_tasks, labeled_tasks, last_at } = joinedProgress.read(row);
  // Zeros for a user who did nothing in the project.
  const progress = {
    annotations: annotations ?? 0,
    tasks: tasks ?? 0,
    skipped_tasks: skipped_tasks ?? 0,
    labeled_tasks: labeled_tasks ?? 0,
    last_at: last_at ?? "",
  };
  return Object.assign(readMember(row), { progress });
}
