import type { Knex } from "knex";

import { daysFromNow, now } from "../clock.ts";
import type { Moment } from "../clock.ts";
import type { ImportFile } from "../imports/import-file.ts";

/** `checking`: nothing is added yet. `adding`: all is right, and tasks are added step by step. The others are its ends. */
export type ImportState = "checking" | "adding" | "done" | "refused";

/** Files of tasks on their way into a project. */
export interface Import {
  id: number;
  project_id: number;
  user_id: number | null;
  state: ImportState;
  files: ImportFile[];
  /** Whether it was pasted into the form. */
  is_pasted: boolean;
  /** Fields of the data that become predictions. */
  preannotated: string[];
  bytes: number;
  bytes_checked: number;
  task_count: number;
  annotation_count: number;
  prediction_count: number;
  problem_count: number;
  /** The names of the fields that every task has. */
  fields: string[];
  tasks_added: number;
  created_at: Moment;
  updated_at: Moment;
}

/** A record that can't be taken. */
export interface ImportProblem {
  id: number;
  file: string;
  /** Counted from 1. */
  line: number;
  message: string;
}

/** What checking found out about all files. */
export type Findings = Pick<
  Import,
  "files" | "task_count" | "annotation_count" | "prediction_count" | "problem_count" | "fields"
>;

const columns = [
  "id",
  "project_id",
  "user_id",
  "state",
  "files",
  "is_pasted",
  "preannotated",
  "bytes",
  "bytes_checked",
  "task_count",
  "annotation_count",
  "prediction_count",
  "problem_count",
  "fields",
  "tasks_added",
  "created_at",
  "updated_at",
] as const;

const daysKept = 30;

export function imports(database: Knex) {
  const update = async (id: number, changes: object): Promise<void> => {
    await database("imports")
      .where({ id })
      .update({ ...changes, updated_at: now() });
  };

  return {
    async create(
      given: Pick<Import, "project_id" | "user_id" | "files" | "is_pasted" | "preannotated">,
    ): Promise<Import> {
      const at = now();
      const [row] = await database("imports")
        .insert({
          ...given,
          files: JSON.stringify(given.files),
          preannotated: JSON.stringify(given.preannotated),
          bytes: given.files.reduce((sum, { bytes }) => sum + bytes, 0),
          state: "checking",
          created_at: at,
          updated_at: at,
        })
        .returning(columns as unknown as string[]);
      return importIn(row);
    },

    async find(id: number): Promise<Import | undefined> {
      const row = await database("imports").where({ id }).first(columns);
      return row && importIn(row);
    },

    /** The newest of a project, the last one first. */
    async latest(project_id: number, limit: number): Promise<Import[]> {
      const rows = await database("imports").where({ project_id }).orderBy("id", "desc").limit(limit).select(columns);
      return rows.map(importIn);
    },

    /** Those that are on their way, the oldest first. */
    async unfinished(): Promise<Import[]> {
      const rows = await database("imports").whereIn("state", ["checking", "adding"]).orderBy("id").select(columns);
      return rows.map(importIn);
    },

    async noteChecked(id: number, bytes_checked: number): Promise<void> {
      await update(id, { bytes_checked });
    },

    async addProblems(import_id: number, problems: Omit<ImportProblem, "id">[]): Promise<void> {
      const rows = problems.map(({ file, line, message }) => ({
        import_id,
        file: shown(file).slice(0, 256),
        line,
        message: shown(message),
      }));
      if (rows.length) await database("import_problems").insert(rows);
    },

    /** Before it is checked once more. */
    async forgetProblems(import_id: number): Promise<void> {
      await database("import_problems").where({ import_id }).delete();
    },

    /** The next problems after this one, in the order of the files. */
    async problemsAfter(import_id: number, id: number, limit: number): Promise<ImportProblem[]> {
      return database("import_problems")
        .where({ import_id })
        .where("id", ">", id)
        .orderBy("id")
        .limit(limit)
        .select("id", "file", "line", "message");
    },

    async endChecking(id: number, state: "adding" | "refused", findings: Findings): Promise<void> {
      const { files, fields, task_count, annotation_count, prediction_count, problem_count } = findings;
      await update(id, {
        state,
        files: JSON.stringify(files),
        fields: JSON.stringify(fields),
        task_count,
        annotation_count,
        prediction_count,
        problem_count,
      });
    },

    async finish(id: number): Promise<void> {
      await update(id, { state: "done" });
    },

    async delete(id: number): Promise<void> {
      await database("imports").where({ id }).delete();
    },

    /** Those that ended long ago, with the list of their problems. */
    async deleteOld(): Promise<void> {
      await database("imports")
        .whereIn("state", ["done", "refused"])
        .where("updated_at", "<", daysFromNow(-daysKept))
        .delete();
    },
  };
}

function importIn(row: Record<string, unknown>): Import {
  const lists = ["files", "preannotated", "fields"].map((name) => [name, JSON.parse(String(row[name]))]);
  const sizes = ["bytes", "bytes_checked"].map((name) => [name, Number(row[name])]);
  return { ...(row as unknown as Import), ...Object.fromEntries([...lists, ...sizes]) };
}

/** What is quoted from a file may hold a NUL, which not every database can keep. */
function shown(text: string): string {
  return text.replaceAll("\0", "\uFFFD");
}
