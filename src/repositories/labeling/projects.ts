import type { Knex } from "knex";

import { now } from "../../common/timestamps.ts";
import type { Timestamp } from "../../common/timestamps.ts";
import { compiledQuery } from "../../database/compiled-query.ts";
import { lockProjectExclusive } from "../../database/locks.ts";
import { inTransaction } from "../../database/transaction.ts";
import { isAnnotatorSql } from "../counters/counter-sql.ts";
import { recomputeLabeled } from "../counters/update-counters.ts";
import { projectCountColumns } from "../counters/project-counts.ts";
import type { ProjectCounts } from "../counters/project-counts.ts";
import { notDeletedSql } from "../deleted-projects.ts";
import { unfinishedJobs } from "../jobs/leases.ts";
import { containing } from "../like.ts";
import { pickDefined } from "../pick-defined.ts";

/** The settings that users can change. */
export interface ProjectSettings {
  title: string | null;
  description: string;
  /** XML, exactly as it was submitted. */
  label_config: string;
  expert_instruction: string;
  show_instruction: boolean;
  show_skip_button: boolean;
  enable_empty_annotation: boolean;
  show_annotation_history: boolean;
  show_collab_predictions: boolean;
  show_ground_truth_first: boolean;
  show_overlap_first: boolean;
  evaluate_predictions_automatically: boolean;
  reveal_preannotations_interactively: boolean;
  is_published: boolean;
  is_draft: boolean;
  color: string;
  /** A task counts as labeled when this many users annotated it. */
  maximum_annotations: number;
  overlap_cohort_percentage: number;
  min_annotations_to_start_training: number;
  model_version: string;
  sampling: "Sequential sampling" | "Uniform sampling" | "Uncertainty sampling";
  /** Who gets a skipped task: the same user again, other users, or no one. */
  skip_queue: "REQUEUE_FOR_ME" | "REQUEUE_FOR_OTHERS" | "IGNORE_SKIPPED";
  pinned_at: Timestamp | null;
}

export interface Project extends ProjectSettings, ProjectCounts {
  id: number;
  organization_id: number;
  created_by_id: number | null;
  created_at: Timestamp;
  updated_at: Timestamp;
  last_activity: Timestamp;
  /** When it was put away; lists of pages leave it out then, the API does not. */
  archived_at: Timestamp | null;
}

export type ProjectChanges = { [Name in keyof ProjectSettings]?: ProjectSettings[Name] | undefined };

export interface ProjectsQuery {
  /** A part of the title, in any case. */
  title?: string | undefined;
  ids?: number[] | undefined;
  pinned?: boolean | undefined;
  archived?: boolean | undefined;
  /** All tasks are labeled, and there are some. */
  done?: boolean | undefined;
  /** Created by this user, or with tasks that the user annotated or skipped. */
  user_id?: number | undefined;
}

/** How many projects are in the lists that a page offers; archived ones are only in the last. */
interface ProjectListCounts {
  all: number;
  mine: number;
  done: number;
  archived: number;
}

interface ProjectsOrder {
  column: "id" | "title" | "created_at" | "updated_at" | "last_activity" | "task_number";
  descending: boolean;
}

const settingColumns = [
  "title",
  "description",
  "label_config",
  "expert_instruction",
  "show_instruction",
  "show_skip_button",
  "enable_empty_annotation",
  "show_annotation_history",
  "show_collab_predictions",
  "show_ground_truth_first",
  "show_overlap_first",
  "evaluate_predictions_automatically",
  "reveal_preannotations_interactively",
  "is_published",
  "is_draft",
  "color",
  "maximum_annotations",
  "overlap_cohort_percentage",
  "min_annotations_to_start_training",
  "model_version",
  "sampling",
  "skip_queue",
  "pinned_at",
] as const;

const columns = [
  ...(["id", "organization_id", "created_by_id", "created_at", "updated_at", "last_activity", "archived_at"] as const),
  ...settingColumns,
  ...projectCountColumns,
];

/** All tasks are labeled, and there are some. */
const doneSql = "(task_number > 0 and finished_task_number = task_number)";

/** A user, whose id is bound twice, created the project, or annotated or skipped tasks of it. */
const ownSql = `(
  created_by_id = ?
  or projects.id in (select project_id from contributions where user_id = ? and ${isAnnotatorSql})
)`;

/** As in Label Studio. */
const emptyLabelConfig = "<View></View>";

const existingIn = (database: Knex) => database("projects").whereRaw(notDeletedSql("projects.id"));

const byId = compiledQuery<[id: number], Project | undefined>((database, id) =>
  existingIn(database).where({ id }).first(columns),
);

export function projects(database: Knex) {
  const existing = () => existingIn(database);

  const matching = ({ title, ids, pinned, archived, done, user_id }: ProjectsQuery) =>
    existing().modify((query) => {
      if (title) query.whereRaw("search_title like ? escape '\\'", [containing(title.toLowerCase())]);
      if (ids) query.whereIn("id", ids);
      if (pinned !== undefined) query[pinned ? "whereNotNull" : "whereNull"]("pinned_at");
      if (archived !== undefined) query[archived ? "whereNotNull" : "whereNull"]("archived_at");
      if (done) query.whereRaw(doneSql);
      if (user_id !== undefined) query.whereRaw(ownSql, [user_id, user_id]);
    });

  return {
    async find(id: number): Promise<Project | undefined> {
      return byId(database, id);
    },

    /** Titles are not unique: the oldest project wins. */
    async findByTitle(title: string): Promise<Project | undefined> {
      return existing().where({ title }).orderBy("id").first(columns);
    },

    /**
     * By default pinned projects first, then the newest. A missing title sorts before all others; of those with the same last
     * activity the newest is first.
     */
    async list(
      query: ProjectsQuery,
      { order, offset, limit }: { order?: ProjectsOrder | undefined; offset: number; limit: number },
    ): Promise<Project[]> {
      return matching(query)
        .modify((selection) => {
          if (order) selection.orderByRaw(`?? ${directionOf(order)}`, [order.column]);
          else selection.orderByRaw("(pinned_at is null), pinned_at desc");
        })
        .orderBy("id", order && order.column !== "last_activity" ? "asc" : "desc")
        .offset(offset)
        .limit(limit)
        .select(columns);
    },

    /** How many projects with this part in their titles the lists of a user's page have. */
    async countLists(user_id: number, title: string): Promise<ProjectListCounts> {
      const count = (condition: string, bindings: number[] = []) =>
        database.raw(`count(case when ${condition} then 1 end)`, bindings);
      const row: Record<keyof ProjectListCounts, number | string> = await matching({ title }).first({
        all: count("archived_at is null"),
        mine: count(`archived_at is null and ${ownSql}`, [user_id, user_id]),
        done: count(`archived_at is null and ${doneSql}`),
        archived: count("archived_at is not null"),
      });
      return { all: Number(row.all), mine: Number(row.mine), done: Number(row.done), archived: Number(row.archived) };
    },

    async count(query: ProjectsQuery): Promise<number> {
      const [row] = await matching(query).count({ total: "*" });
      return Number(row?.total);
    },

    /** Only settings are taken from `changes`, so that another project serves as a template. */
    async create(organization_id: number, created_by_id: number, changes: ProjectChanges): Promise<Project> {
      const at = now();
      const [created] = await database("projects")
        .insert({
          organization_id,
          created_by_id,
          title: "",
          label_config: emptyLabelConfig,
          ...pickDefined(changes, settingColumns),
          ...searchTitle(changes),
          created_at: at,
          updated_at: at,
          last_activity: at,
        })
        .returning(columns as string[]);
      return database("projects").where({ id: created.id }).first(columns);
    },

    async update(id: number, changes: ProjectChanges): Promise<void> {
      await inTransaction(database, async (transaction) => {
        const before = await lockProject(transaction, id);
        if (!before) return;
        await transaction("projects")
          .where({ id })
          .update({ ...pickDefined(changes, settingColumns), ...searchTitle(changes), updated_at: now() });
        const { maximum_annotations = before.maximum_annotations, skip_queue = before.skip_queue } = changes;
        const isOverlapChanged = maximum_annotations !== before.maximum_annotations;
        const countsSkips = (queue: string) => queue === "IGNORE_SKIPPED";
        if (isOverlapChanged || countsSkips(skip_queue) !== countsSkips(before.skip_queue))
          await recomputeLabeled(transaction, id, isOverlapChanged ? maximum_annotations : undefined);
      });
    },

    /** Puts it away, or brings it back. Returns false if it was deleted, or was archived or not before. */
    async setArchived(id: number, archived: boolean): Promise<boolean> {
      const changed = await existing()
        .where({ id })
        .whereRaw(`archived_at is ${archived ? "null" : "not null"}`)
        .update({ archived_at: archived ? now() : null });
      return changed > 0;
    },

    /**
     * Hides it from everybody, with its tasks and what people did in it, and ends its imports and exports. A job of
     * `project_deletions` deletes its rows.
     */
    async delete(id: number): Promise<void> {
      await inTransaction(database, async (transaction) => {
        if (!(await lockProject(transaction, id))) return;
        await transaction("project_deletions").insert({ id, created_at: now() }).onConflict("id").ignore();
        await endJobs(transaction, id);
      });
    },
  };
}

/** Locks the project exclusively until the end of the transaction. Returns undefined if it was deleted. */
async function lockProject(
  transaction: Knex,
  id: number,
): Promise<Pick<Project, "maximum_annotations" | "skip_queue"> | undefined> {
  await lockProjectExclusive(transaction, id);
  return transaction("projects").where({ id }).forNoKeyUpdate().first("maximum_annotations", "skip_queue");
}

/** Whoever works on one loses the lease. */
async function endJobs(transaction: Knex, project_id: number): Promise<void> {
  const failed = { status: "failed", lease: "" };
  const snapshots = transaction("exports").where({ project_id }).select("id");
  await unfinishedJobs(transaction, "imports").where({ project_id }).update({ state: "refused", lease: "" });
  await unfinishedJobs(transaction, "exports").where({ project_id }).update(failed);
  await unfinishedJobs(transaction, "export_conversions").whereIn("export_id", snapshots).update(failed);
}

/** Databases sort nulls differently. Only for titles, since PostgreSQL can't use an index with this clause. */
function directionOf({ column, descending }: ProjectsOrder): string {
  const nulls = descending ? " nulls last" : " nulls first";
  return (descending ? "desc" : "asc") + (column === "title" ? nulls : "");
}

function searchTitle({ title }: ProjectChanges): { search_title?: string } {
  return title === undefined ? {} : { search_title: (title ?? "").toLowerCase() };
}
