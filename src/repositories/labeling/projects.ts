import type { Knex } from "knex";

import { now } from "../../common/timestamps.ts";
import type { Timestamp } from "../../common/timestamps.ts";
import { lockProjectExclusive } from "../../database/locks.ts";
import { inTransaction } from "../../database/transaction.ts";
import { recomputeLabeled } from "../counters/update-counters.ts";
import { projectCountColumns } from "../counters/project-counts.ts";
import type { ProjectCounts } from "../counters/project-counts.ts";
import { notDeletedSql } from "../deleted-projects.ts";
import { unfinishedJobs } from "../jobs/leases.ts";
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
}

export type ProjectChanges = { [Name in keyof ProjectSettings]?: ProjectSettings[Name] | undefined };

export interface ProjectsQuery {
  /** A part of the title, in any case. */
  title?: string | undefined;
  ids?: number[] | undefined;
  pinned?: boolean | undefined;
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
  ...(["id", "organization_id", "created_by_id", "created_at", "updated_at", "last_activity"] as const),
  ...settingColumns,
  ...projectCountColumns,
];

/** As in Label Studio. */
const emptyLabelConfig = "<View></View>";

export function projects(database: Knex) {
  const existing = () => database("projects").whereRaw(notDeletedSql("projects.id"));

  const matching = ({ title, ids, pinned }: ProjectsQuery) =>
    existing().modify((query) => {
      if (title) query.whereRaw("search_title like ? escape '\\'", [`%${escapeLike(title.toLowerCase())}%`]);
      if (ids) query.whereIn("id", ids);
      if (pinned !== undefined) query[pinned ? "whereNotNull" : "whereNull"]("pinned_at");
    });

  return {
    async find(id: number): Promise<Project | undefined> {
      return existing().where({ id }).first(columns);
    },

    /** Titles are not unique: the oldest project wins. */
    async findByTitle(title: string): Promise<Project | undefined> {
      return existing().where({ title }).orderBy("id").first(columns);
    },

    /** By default pinned projects first, then the newest. A missing title sorts before all others. */
    async list(
      query: ProjectsQuery,
      { order, offset, limit }: { order?: ProjectsOrder | undefined; offset: number; limit: number },
    ): Promise<Project[]> {
      return matching(query)
        .modify((selection) => {
          if (order) selection.orderByRaw(`?? ${directionOf(order)}`, [order.column]);
          else selection.orderByRaw("(pinned_at is null), pinned_at desc");
        })
        .orderBy("id", order ? "asc" : "desc")
        .offset(offset)
        .limit(limit)
        .select(columns);
    },

    async count(query: ProjectsQuery): Promise<number> {
      const [row] = await matching(query).count({ total: "*" });
      return Number(row?.total);
    },

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

function escapeLike(text: string): string {
  return text.replace(/[\\%_]/g, "\\$&");
}
