import { setTimeout } from "node:timers/promises";

import { deleteInParts } from "../background/delete-in-parts.ts";
import { createJobRunner, defaultTimings } from "../background/job-runner.ts";
import type { JobRunnerTimings } from "../background/job-runner.ts";
import type { FailureLog } from "../common/logger.ts";
import { uploadName } from "../common/upload-name.ts";
import { parseLabelConfig } from "../label-config/parse-label-config.ts";
import type { DataTypes } from "../label-config/task-data.ts";
import type { Repositories } from "../repositories/index.ts";
import type { IdempotencyKey, IdempotencyRecord } from "../repositories/jobs/idempotency-records.ts";
import type { UndoRefusal } from "../repositories/jobs/import-undos.ts";
import type { Import, ImportFile, ImportSummary, NewImport } from "../repositories/jobs/imports.ts";
import type { LeasedJob } from "../repositories/jobs/leases.ts";
import { addTasks } from "./add-tasks.ts";
import { annotatorLookup } from "./annotators.ts";
import type { ProjectSchema } from "./read-tasks.ts";
import { validateFiles } from "./validate-files.ts";
import type { ValidationError } from "./validate-files.ts";

export interface ImportResult {
  /** Undefined when it was deleted with its project; still `checking` or `adding` when this server stopped working on it. */
  import: (ImportSummary & Pick<Import, "state" | "task_id_ranges">) | undefined;
  /** The first hundred. */
  errors: ValidationError[];
}

interface StartedImport {
  id: number;
  /** Resolves when it ends, or this server stops working on it. */
  finished: Promise<ImportResult>;
}

export type Importer = ReturnType<typeof createImporter>;

/** Errors that are stored at once. */
const errorBatchSize = 200;

/** Errors that are returned at most. */
const maxReturnedErrors = 100;

/** Milliseconds between two looks at an import that another server works on. */
const followInterval = 250;

/** Milliseconds between two records of progress. */
const progressInterval = 500;

/**
 * Imports files of tasks into projects. All files are validated first; only then tasks are added, in short transactions, so
 * that other requests don't wait long. Adding that was interrupted is continued by this or another server.
 */
export function createImporter(
  repositories: Repositories,
  log: FailureLog,
  timings: JobRunnerTimings = defaultTimings,
) {
  const { fileUploads, idempotencyRecords, importErrors, importUndos, imports, leases, projects, storedFiles } =
    repositories;
  const read = ({ stored, bytes }: ImportFile, signal?: AbortSignal) => storedFiles.read({ id: stored, bytes }, signal);
  const deleteFiles = (files: ImportFile[]) => storedFiles.deleteTemporary(files.map(({ stored }) => stored));

  const findSchema = async ({
    project_id,
    preannotated_from_fields,
  }: NewImport): Promise<ProjectSchema | undefined> => {
    const project = await projects.find(project_id);
    return project && { ...parseLabelConfig(project.label_config), project_id, preannotated_from_fields };
  };

  /** Returns the first errors. */
  const validate = async (
    job: LeasedJob,
    { project_id, user_id, files }: Import,
    schema: ProjectSchema,
    signal: AbortSignal,
  ): Promise<ValidationError[]> => {
    await importErrors.clear(job);
    const errors = errorBuffer((batch) => importErrors.add(job, batch));
    const withProgress = progressReporter(files, (bytes) => imports.recordProgress(job, bytes));
    const summary = await validateFiles(files, {
      ...schema,
      findAnnotator: annotatorLookup(repositories),
      open: (file) => withProgress(read(file, signal), file),
      onError: errors.add,
    });
    await errors.flush();
    if (summary.error_count === 0) await imports.accept(job, { project_id, user_id }, summary);
    else await imports.refuse(job, summary);
    return errors.first;
  };

  const add = async (job: LeasedJob, accepted: Import, schema: ProjectSchema, signal: AbortSignal): Promise<void> => {
    const replaced = accepted.files.flatMap(({ replaces_tasks, upload_id = 0 }) => (replaces_tasks ? upload_id : []));
    if (replaced.length > 0 && accepted.tasks_added === 0) {
      const { project_id } = accepted;
      await deleteInParts(async (size) => fileUploads.deleteTasksPart(job, project_id, replaced, size), signal);
    }
    await addTasks(repositories, accepted, {
      ...schema,
      job,
      findAnnotator: annotatorLookup(repositories),
      open: (file) => read(file, signal),
      signal,
    });
    await imports.finish(job);
  };

  const undo = async (job: LeasedJob, undone: Import, signal: AbortSignal): Promise<void> => {
    await deleteInParts(async (size) => importUndos.deletePart(job, undone.project_id, size), signal);
    for (const file of await importUndos.listFiles(undone)) {
      signal.throwIfAborted();
      await storedFiles.delete([file]);
    }
    await importUndos.finish(job, undone);
  };

  const run = async (job: LeasedJob, signal: AbortSignal): Promise<ImportResult> => {
    const started = await imports.find(job.id);
    if (started?.state === "undoing") {
      await undo(job, started, signal);
      return { import: await imports.find(job.id), errors: [] };
    }
    const schema = started && (await findSchema(started));
    if (!schema) return { import: undefined, errors: [] };
    const errors = started.state === "checking" ? await validate(job, started, schema, signal) : [];
    const validated = await imports.find(job.id);
    if (validated?.state === "adding") await add(job, validated, schema, signal);
    const finished = await imports.find(job.id);
    // The page shows a pasted text that was refused again.
    if (!(finished?.state === "refused" && finished.is_pasted)) await deleteFiles(started.files);
    return { import: finished, errors };
  };

  const storeUploads = async ({ project_id, user_id }: NewImport, files: ImportFile[]): Promise<ImportFile[]> => {
    const named = files.filter(({ upload_name }) => upload_name !== undefined);
    const news = named.map(({ upload_name = "", stored, bytes }) => ({ file: upload_name, stored, bytes }));
    const ids = await fileUploads.create(project_id, user_id, news);
    return named.map((file, index) => ({ ...file, upload_id: ids[index] ?? 0 }));
  };

  const jobRunner = createJobRunner({ leases, kinds: ["imports"], run, log, timings });

  const runCreated = (job: LeasedJob): StartedImport => {
    const { id } = job;
    const unfinished = async (): Promise<ImportResult> => ({ import: await imports.find(id), errors: [] });
    const finished = jobRunner.runLeased(job).then(async (result) => result ?? unfinished());
    // The job runner logs errors; a caller need not wait.
    finished.catch(() => undefined);
    return { id, finished };
  };

  /** Waits for an import that this or another server works on, or runs it if none does. */
  const follow = async (id: number, signal: AbortSignal): Promise<ImportResult> => {
    for (;;) {
      const current = await imports.find(id);
      const isFinal = current && !["checking", "adding"].includes(current.state);
      if (!current || isFinal || signal.aborted) return { import: current, errors: [] };
      const result = await jobRunner.enqueue({ kind: "imports", id });
      if (result) return result;
      await setTimeout(followInterval, undefined, { signal }).catch(() => undefined);
    }
  };

  /** What `close` waits for. */
  const deletions = new Set<Promise<void>>();

  return {
    jobRunner,

    /** Starts an import, which owns its files from now on. */
    start: async (input: NewImport): Promise<StartedImport> =>
      runCreated(await imports.create(withUploadNames(input), jobRunner.leaseExpiry())),

    /**
     * As `start`, unless an earlier request has the key: then its import is waited for, or continued, until the signal is aborted.
     * `check` may throw for the record of that request.
     */
    async startOnce(
      input: NewImport,
      key: IdempotencyKey,
      { check, signal }: { check: (earlier: IdempotencyRecord) => void; signal: AbortSignal },
    ): Promise<ImportResult> {
      const created = await imports.createOnce(withUploadNames(input), jobRunner.leaseExpiry(), key);
      if ("job" in created) return runCreated(created.job).finished;
      await deleteFiles(input.files);
      check(created.earlier);
      return follow(created.earlier.import_id ?? 0, signal);
    },

    /**
     * Deletes the tasks of a finished import again, unless somebody has labeled one of them. `finished` resolves when they are gone,
     * or this server stops working on it.
     */
    async undo(id: number): Promise<{ refusal: UndoRefusal } | { finished: Promise<ImportResult> }> {
      const started = await importUndos.start(id, jobRunner.leaseExpiry());
      return "refusal" in started ? started : { finished: runCreated(started.job).finished };
    },

    /** The same request is a new import from now on. */
    forget(key: IdempotencyKey): void {
      const deletion = idempotencyRecords
        .delete(key.id)
        .catch((error: unknown) => log.warn({ err: error }, "the record of an import was not deleted"))
        .finally(() => deletions.delete(deletion));
      deletions.add(deletion);
    },

    /** Stops all imports. Resolves when nothing here uses the database. */
    async close(): Promise<void> {
      await jobRunner.close();
      await Promise.all(deletions);
    },

    /**
     * Validates what is sent without importing it. Files become uploads, for another import; those that can't be read are deleted.
     */
    async check(unnamed: NewImport): Promise<ImportResult> {
      const input = withUploadNames(unnamed);
      try {
        const schema = await findSchema(input);
        const errors = errorBuffer(async () => undefined);
        const context = { findAnnotator: annotatorLookup(repositories), open: read, onError: errors.add };
        // Whether files fit is known when they are imported: the setup may be made later, or a list of tasks name their addresses.
        const isForLater = input.files.every(({ name }) => name !== "");
        const data_types: DataTypes = isForLater ? new Map() : (schema?.data_types ?? new Map());
        const summary = schema && (await validateFiles(input.files, { ...schema, data_types, ...context }));
        if (summary?.error_count === 0) summary.files = await storeUploads(input, summary.files);
        const result = summary && { ...summary, state: "checking" as const, task_id_ranges: [] };
        return { import: result, errors: errors.first };
      } finally {
        await deleteFiles(input.files);
      }
    },
  };
}

/** Files with a name get the one that they are stored under. */
function withUploadNames(input: NewImport): NewImport {
  const files = input.files.map((file) => ({
    ...file,
    ...(file.name !== "" && file.format !== "storage" && { upload_name: file.upload_name ?? uploadName(file.name) }),
  }));
  return { ...input, files };
}

/** Stores errors in batches, and holds the first ones. */
function errorBuffer(store: (batch: ValidationError[]) => Promise<void>) {
  const first: ValidationError[] = [];
  let pending: ValidationError[] = [];
  const flush = async (): Promise<void> => {
    await store(pending);
    pending = [];
  };
  const add = async (error: ValidationError): Promise<void> => {
    if (first.length < maxReturnedErrors) first.push(error);
    pending.push(error);
    if (pending.length >= errorBatchSize) await flush();
  };
  return { first, add, flush };
}

/** Passes on the bytes of files, and calls `record` now and then with the number of bytes up to where they are read. */
function progressReporter(files: ImportFile[], record: (bytes: number) => Promise<void>) {
  let recordedAt = Date.now();
  return async function* withProgress(stream: AsyncIterable<Buffer>, { stored }: ImportFile): AsyncGenerator<Buffer> {
    const before = files.slice(
      0,
      files.findIndex((file) => file.stored === stored),
    );
    let bytesRead = before.reduce((sum, { bytes }) => sum + bytes, 0);
    for await (const chunk of stream) {
      yield chunk;
      bytesRead += chunk.length;
      if (Date.now() - recordedAt < progressInterval) continue;
      recordedAt = Date.now();
      await record(bytesRead);
    }
  };
}
