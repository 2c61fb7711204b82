import type { Knex } from "knex";

import type { Timestamp } from "../../common/timestamps.ts";

/** A project as far as a list of links needs it. */
export interface ProjectName {
  id: number;
  title: string | null;
}

interface CreatedProject extends ProjectName {
  created_at: Timestamp;
}

interface ContributedProject extends ProjectName {
  /** Skips are none. */
  annotations: number;
  /** When the person made the latest one. */
  last_at: Timestamp;
}

/** What a person labeled on a day. */
export interface ContributionDay {
  /** `2026-11-22` */
  day: string;
  annotations: number;
}

/** What a person did. Of each list, the latest ones. */
export interface Contributions {
  created: CreatedProject[];
  created_count: number;
  contributed: ContributedProject[];
  contributed_count: number;
  annotations: number;
}

/** Of a person in a project. */
export interface Progress {
  /** Tasks that they annotated. */
  tasks: number;
  /** Tasks that they only skipped. */
  skipped_tasks: number;
  /** Tasks of both kinds that are labeled. */
  labeled_tasks: number;
}

/** How many projects a list holds. */
const maxListed = 100;

interface ProjectRow extends ProjectName {
  user_id: number;
  kind: "created" | "contributed";
  at: Timestamp;
  annotations: number;
  /** Of this kind and person, in all; as text in some databases. */
  projects: number | string;
  total: number | string;
}

/** How many people are asked for at once. */
const usersPerQuery = 5000;

export function contributions(database: Knex) {
  const projectsOf = async (user_ids: number[]): Promise<ProjectRow[]> => {
    const created = database("projects")
      .whereIn("created_by_id", user_ids)
      .select("created_by_id as user_id", database.raw("'created' as kind"), "id", "title", "created_at as at")
      .select(database.raw("0 as annotations"));
    const contributed = database("contributions")
      .join("projects", "projects.id", "contributions.project_id")
      .whereIn("user_id", user_ids)
      .where("annotations", ">", 0)
      .select("user_id", database.raw("'contributed' as kind"), "projects.id", "title", "last_at as at", "annotations");
    return database
      .with("named", created.unionAll(contributed))
      .with("ranked", (ranked) => {
        ranked
          .from("named")
          .select(
            "named.*",
            database.raw("row_number() over (partition by user_id, kind order by at desc, id desc) as place"),
          )
          .select(database.raw("count(*) over (partition by user_id, kind) as projects"))
          .select(database.raw("sum(annotations) over (partition by user_id, kind) as total"));
      })
      .from("ranked")
      .where("place", "<=", maxListed)
      .orderBy("place")
      .select("*");
  };

  return {
    async findByUser(user_id: number): Promise<Contributions> {
      return summarize(await projectsOf([user_id]));
    },

    /** By the ids of the people. */
    async ofEach(user_ids: number[]): Promise<Map<number, Contributions>> {
      const ofEach = new Map<number, ProjectRow[]>(user_ids.map((id) => [id, []]));
      for (let from = 0; from < user_ids.length; from += usersPerQuery) {
        const rows = await projectsOf(user_ids.slice(from, from + usersPerQuery));
        for (const row of rows) ofEach.get(row.user_id)?.push(row);
      }
      return new Map([...ofEach].map(([id, rows]) => [id, summarize(rows)]));
    },

    /** How far this person is in each of these projects, by its id; none where they have not begun. */
    async findProgress(user_id: number, project_ids: number[]): Promise<Map<number, Progress>> {
      const rows: (Progress & { project_id: number })[] = await database("contributions")
        .where({ user_id })
        .whereIn("project_id", project_ids)
        .select("project_id", "tasks", "skipped_tasks", "labeled_tasks");
      return new Map(rows.map(({ project_id, ...progress }) => [project_id, progress]));
    },

    /** What this person labeled, from this day on; by day. */
    async listDays(user_id: number, since: string): Promise<ContributionDay[]> {
      return database("contribution_days")
        .where({ user_id })
        .where("day", ">=", since)
        .where("annotations", ">", 0)
        .orderBy("day")
        .select("day", "annotations");
    },
  };
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
