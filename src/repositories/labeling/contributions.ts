import type { Knex } from "knex";

import type { Timestamp } from "../../common/timestamps.ts";
import { compiledQuery } from "../../database/compiled-query.ts";
import { isAnnotatorSql } from "../counters/counter-sql.ts";
import { notDeletedSql } from "../deleted-projects.ts";
import type { Project } from "./projects.ts";

/** What a link to a project needs. */
export interface ProjectLink {
  id: number;
  title: string | null;
}

interface CreatedProject extends ProjectLink {
  created_at: Timestamp;
}

interface ContributedProject extends ProjectLink {
  /** Without skips. */
  annotations: number;
  /** When the latest annotation was created. */
  last_at: Timestamp;
}

/** The number of a user's annotations on a day (UTC). */
export interface ContributionDay {
  /** `2026-11-22` */
  day: string;
  annotations: number;
}

/** The projects of a user. Lists contain the latest ones only. */
export interface Contributions {
  created: CreatedProject[];
  created_count: number;
  contributed: ContributedProject[];
  contributed_count: number;
  annotations: number;
}

/** A project with the progress of everybody and of one user, in tasks. */
export interface RecentProject extends ProjectLink {
  task_number: number;
  /** Labeled. */
  finished_task_number: number;
  /** Annotated by the user. */
  own_task_number: number;
  /** Not labeled, and neither annotated nor (unless it comes back) skipped by the user; others may have some of them now. */
  left_for_user: number;
  /** These two decide which task comes next. */
  sampling: Project["sampling"];
  skip_queue: Project["skip_queue"];
  /** The user has annotated or skipped tasks of it, or has created it. */
  is_own: boolean;
  /** When the user's latest annotation was created; empty without any. */
  last_at: Timestamp;
}

/** The progress of a user in a project, in tasks. */
export interface Progress {
  /** Annotated. */
  tasks: number;
  /** Skipped, and not annotated. */
  skipped_tasks: number;
  /** Annotated or skipped, and labeled. */
  labeled_tasks: number;
}

/** Projects per list. */
const maxListed = 100;

interface ProjectRow extends ProjectLink {
  user_id: number;
  kind: "created" | "contributed";
  at: Timestamp;
  annotations: number;
  /** The totals of this kind and user; PostgreSQL returns them as text. */
  projects: number | string;
  total: number | string;
}

interface RecentRow
  extends ProjectLink, Progress, Pick<Project, "task_number" | "finished_task_number" | "sampling" | "skip_queue"> {
  created_by_id: number | null;
  last_at: Timestamp;
}

const usersPerQuery = 5000;

const recentRows = compiledQuery<[user_id: number, limit: number], RecentRow[]>((database, user_id, limit) => {
  const labeled = database("contributions")
    .where({ user_id })
    .whereRaw(isAnnotatorSql)
    .whereRaw(notDeletedSql("contributions.project_id"))
    .orderBy("last_at", "desc")
    .limit(limit)
    .select("project_id");
  const latest = database("projects")
    .whereRaw(notDeletedSql("projects.id"))
    .whereNull("archived_at")
    .orderBy([
      { column: "last_activity", order: "desc" },
      { column: "id", order: "desc" },
    ])
    .limit(limit)
    .select("id");
  return database("projects")
    .leftJoin("contributions", (join) => {
      join.on("contributions.project_id", "projects.id").andOnVal("contributions.user_id", user_id);
    })
    .where((query) => {
      query.whereIn("projects.id", database.from(labeled.as("labeled")).select("project_id"));
      query.orWhereIn("projects.id", database.from(latest.as("latest")).select("id"));
    })
    .whereNull("archived_at")
    .orderByRaw("coalesce(contributions.last_at, '') desc, projects.last_activity desc, projects.id desc")
    .select("projects.id", "title", "sampling", "skip_queue", "task_number", "finished_task_number", "created_by_id")
    .select(database.raw("coalesce(contributions.last_at, '') as last_at"))
    .select(["tasks", "skipped_tasks", "labeled_tasks"].map((column) => database.raw("coalesce(??, 0) as ??", [column, column]))); // prettier-ignore
});

const dayRows = compiledQuery<[user_id: number, since: string], { day: string; annotations: number | string }[]>(
  (database, user_id, since) =>
    database("contribution_days")
      .where({ user_id })
      .where("day", ">=", since)
      .whereRaw(notDeletedSql("contribution_days.project_id"))
      .groupBy("day")
      .having(database.raw("sum(annotations) > 0"))
      .orderBy("day")
      .select("day")
      .sum({ annotations: "annotations" }),
);

export function contributions(database: Knex) {
  const projectsOf = async (user_ids: number[]): Promise<ProjectRow[]> => {
    const created = database("projects")
      .whereRaw(notDeletedSql("projects.id"))
      .whereIn("created_by_id", user_ids)
      .select("created_by_id as user_id", database.raw("'created' as kind"), "id", "title", "created_at as at")
      .select(database.raw("0 as annotations"));
    const contributed = database("contributions")
      .join("projects", "projects.id", "contributions.project_id")
      .whereIn("user_id", user_ids)
      .where("annotations", ">", 0)
      .whereRaw(notDeletedSql("projects.id"))
      .select("user_id", database.raw("'contributed' as kind"), "projects.id", "title", "last_at as at", "annotations");
    return database
      .with("links", created.unionAll(contributed))
      .with("ranked", (ranked) => {
        ranked
          .from("links")
          .select(
            "links.*",
            database.raw("row_number() over (partition by user_id, kind order by at desc, id desc) as position"),
          )
          .select(database.raw("count(*) over (partition by user_id, kind) as projects"))
          .select(database.raw("sum(annotations) over (partition by user_id, kind) as total"));
      })
      .from("ranked")
      .where("position", "<=", maxListed)
      .orderBy("position")
      .select("*");
  };

  return {
    async findByUser(user_id: number): Promise<Contributions> {
      return summarize(await projectsOf([user_id]));
    },

    /** Returns the contributions by user id. */
    async findByUsers(user_ids: number[]): Promise<Map<number, Contributions>> {
      const rowsByUser = new Map<number, ProjectRow[]>(user_ids.map((id) => [id, []]));
      for (let from = 0; from < user_ids.length; from += usersPerQuery) {
        const rows = await projectsOf(user_ids.slice(from, from + usersPerQuery));
        for (const row of rows) rowsByUser.get(row.user_id)?.push(row);
      }
      return new Map([...rowsByUser].map(([id, rows]) => [id, summarize(rows)]));
    },

    /** Returns the progress of a user by project id; projects without any are missing. */
    async findProgress(user_id: number, project_ids: number[]): Promise<Map<number, Progress>> {
      const rows: (Progress & { project_id: number })[] = await database("contributions")
        .where({ user_id })
        .whereIn("project_id", project_ids)
        .select("project_id", "tasks", "skipped_tasks", "labeled_tasks");
      return new Map(rows.map(({ project_id, ...progress }) => [project_id, progress]));
    },

    /**
     * Returns projects for a user's home page, without archived ones: at most `limit` in which the user labeled, the latest first, then at most
     * `limit` others, those with the latest activity first.
     */
    async listRecent(user_id: number, limit: number): Promise<RecentProject[]> {
      const rows = await recentRows(database, user_id, limit);
      return rows.map((row) => recentProject(row, user_id));
    },

    /** Days with annotations from `since` on, sorted by day. */
    async listDays(user_id: number, since: string): Promise<ContributionDay[]> {
      const days = await dayRows(database, user_id, since);
      // PostgreSQL returns sums as text.
      return days.map(({ day, annotations }) => ({ day, annotations: Number(annotations) }));
    },
  };
}

function recentProject(row: RecentRow, user_id: number): RecentProject {
  const { id, title, task_number, finished_task_number, sampling, skip_queue, last_at } = row;
  return {
    id,
    title,
    task_number,
    finished_task_number,
    sampling,
    skip_queue,
    own_task_number: row.tasks,
    left_for_user: countLeft(row),
    is_own: row.tasks + row.skipped_tasks > 0 || row.created_by_id === user_id,
    last_at,
  };
}

/** The number of tasks that a user may still label. Skipped ones count again where they come back to the user. */
function countLeft({ tasks, skipped_tasks, labeled_tasks, ...project }: RecentRow): number {
  const ownTasks = project.skip_queue === "REQUEUE_FOR_ME" ? tasks : tasks + skipped_tasks;
  return project.task_number - project.finished_task_number - Math.max(ownTasks - labeled_tasks, 0);
}

function summarize(rows: ProjectRow[]): Contributions {
  const created = rows.filter(({ kind }) => kind === "created");
  const contributed = rows.filter(({ kind }) => kind === "contributed");
  return {
    created: created.map(({ id, title, at }) => ({ id, title, created_at: at })),
    created_count: Number(created[0]?.projects ?? 0),
    contributed: contributed.map(({ id, title, at, annotations }) => ({ id, title, annotations, last_at: at })),
    contributed_count: Number(contributed[0]?.projects ?? 0),
    annotations: Number(contributed[0]?.total ?? 0),
  };
}
