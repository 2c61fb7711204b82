import type { Knex } from "knex";

import { compiledQuery } from "../../database/compiled-query.ts";
import { notDeletedSql } from "../deleted-projects.ts";
import { joinedColumns } from "../joined-rows.ts";
import { annotationColumns } from "./annotations.ts";
import type { Annotation } from "./annotations.ts";
import { draftColumns } from "./drafts.ts";
import type { Draft } from "./drafts.ts";
import { predictionColumns } from "./predictions.ts";
import type { Prediction } from "./predictions.ts";
import type { Project } from "./projects.ts";
import { taskColumns } from "./tasks.ts";
import type { Task } from "./tasks.ts";

/** A task with what one user did with it: the latest annotation, and the draft that changes it or will be the first. */
export interface UserTask {
  task: Task;
  own: Annotation | undefined;
  draft: Draft | undefined;
  /** To start from: the latest, of the project's model version if it has one. Only where the user has no annotation. */
  prediction: Prediction | undefined;
}

/** The settings of a project that decide which prediction a user starts from. */
export type PredictionSettings = Pick<Project, "show_collab_predictions" | "model_version">;

const joinedTask = joinedColumns<Task>("task", taskColumns);
const joinedOwn = joinedColumns<Annotation>("own", annotationColumns);
const joinedDraft = joinedColumns<Draft>("draft", draftColumns);
const joinedPrediction = joinedColumns<Prediction>("prediction", predictionColumns);

type Row = Record<string, unknown>;

const ofProject = compiledQuery<
  [id: number, project_id: number, user_id: number, shows_predictions: number, model_version: string],
  Row | undefined
>((database, id, project_id, user_id, shows_predictions, model_version) => {
  const task = database("tasks").where({ "tasks.id": id, "tasks.project_id": project_id });
  return selectUserTask(database, task.whereRaw(notDeletedSql("tasks.project_id")), {
    user_id,
    shows_predictions,
    model_version,
  });
});

export function userTasks(database: Knex) {
  return {
    /** Finds a task of the project. */
    async find(
      { id: project_id, show_collab_predictions, model_version }: PredictionSettings & Pick<Project, "id">,
      task_id: number,
      user_id: number,
    ): Promise<UserTask | undefined> {
      const shows_predictions = Number(show_collab_predictions);
      const row = await ofProject(database, task_id, project_id, user_id, shows_predictions, model_version);
      return row && readUserTask(row);
    },
  };
}

/** Reads the one task that the query over `tasks` finds, for a user. */
export async function findUserTask(
  database: Knex,
  tasks: Knex.QueryBuilder,
  user_id: number,
  { show_collab_predictions, model_version }: PredictionSettings,
): Promise<UserTask | undefined> {
  const shows_predictions = Number(show_collab_predictions);
  const row = await selectUserTask(database, tasks, { user_id, shows_predictions, model_version });
  return row && readUserTask(row);
}

/** `shows_predictions`: 1 or 0. */
function selectUserTask(
  database: Knex,
  tasks: Knex.QueryBuilder,
  values: { user_id: number; shows_predictions: number; model_version: string },
): Knex.QueryBuilder<object, Row | undefined> {
  const { user_id, shows_predictions, model_version } = values;
  const latest = (table: string, task: string) => database(table).whereRaw(`task_id = ${task}.id`).max("id");
  const own = latest("annotations", "tasks").where({ completed_by_id: user_id });
  const draft = latest("drafts", "task")
    .where({ user_id })
    .whereRaw("coalesce(annotation_id, 0) = coalesce(own_id, 0)");
  const prediction = latest("predictions", "task")
    .whereRaw("own_id is null and total_predictions > 0 and 1 = ?", [shows_predictions])
    .whereRaw("(? = '' or model_version = ?)", [model_version, model_version]);
  // Materialized, so that PostgreSQL looks the rows up by these ids instead of asking for the id at each row.
  return database
    .withMaterialized("task", tasks.limit(1).select("tasks.*", own.as("own_id")))
    .withMaterialized(
      "ids",
      database("task").select("id", "own_id", draft.as("draft_id"), prediction.as("prediction_id")),
    )
    .from("task")
    .join("ids", "ids.id", "task.id")
    .leftJoin("annotations as own", "own.id", "ids.own_id")
    .leftJoin("drafts as draft", "draft.id", "ids.draft_id")
    .leftJoin("predictions as prediction", "prediction.id", "ids.prediction_id")
    .first([...joinedTask.select, ...joinedOwn.select, ...joinedDraft.select, ...joinedPrediction.select]);
}

function readUserTask(row: Row): UserTask {
  return {
    task: joinedTask.read(row),
    own: row.own__id ? joinedOwn.read(row) : undefined,
    draft: row.draft__id ? joinedDraft.read(row) : undefined,
    prediction: row.prediction__id ? joinedPrediction.read(row) : undefined,
  };
}
