import { text } from "node:stream/consumers";

import { groupBy } from "../common/group-by.ts";
import { limits } from "../common/limits.ts";
import { uploadAddress } from "../common/upload-name.ts";
import type { Context, SignedIn } from "../context.ts";
import { importExamples } from "../imports/examples.ts";
import { acceptedFiles } from "../imports/format.ts";
import { importProgress } from "../imports/import-progress.ts";
import { isOneTask } from "../imports/task-parser.ts";
import { dataKey, shownKeys, unnamedField } from "../label-config/task-data.ts";
import { parseLabelConfig } from "../label-config/parse-label-config.ts";
import type { LabelConfig } from "../label-config/parse-label-config.ts";
import type { ImportError } from "../repositories/jobs/import-errors.ts";
import type { UndoRefusal } from "../repositories/jobs/import-undos.ts";
import { storedFileName } from "../repositories/jobs/imports.ts";
import type { Import, ImportFile } from "../repositories/jobs/imports.ts";
import { FileGoneError } from "../repositories/jobs/stored-files.ts";
import type { Project } from "../repositories/labeling/projects.ts";
import { maxImportBytes } from "../uploads/import-form.ts";
import { loadProjectHead } from "./project-page.ts";

export type ImportContext = Pick<Context, "repositories" | "render"> & { state: SignedIn };

const recentImports = 5;
const errorsPerPage = 100;

/** Longest pasted text, in bytes, that the page of a refused import shows again. */
const maxShownBytes = 1_000_000;

interface InvalidForm {
  values: Record<string, unknown>;
  errors: Record<string, string[] | undefined>;
}

/** The page with the import form, and the latest imports of the project. */
export async function renderImportForm(ctx: ImportContext, project: Project, form?: InvalidForm): Promise<void> {
  const latest = await ctx.repositories.imports.listLatest(project.id, recentImports);
  const labeled = await ctx.repositories.importUndos.findLabeled(latest.filter(hasTasks));
  const senders = latest.map(({ user_id }) => user_id);
  ctx.render("projects/import", {
    ...(await loadProjectHead(ctx, project, "import", senders)),
    ...formLocals(project),
    ...form,
    recent: latest.map((each) => ({
      ...each,
      ...importProgress(each),
      uploads: uploadsOf(each),
      can_undo: hasTasks(each) && !labeled.has(each.id),
    })),
  });
}

/**
 * The page of one import: its progress or its outcome. `after` is the id of the last error of the page before; `undo_error` says
 * why it was not undone.
 */
export async function renderImport(
  ctx: ImportContext,
  project: Project,
  job: Import,
  { after = 0, undo_error }: { after?: number; undo_error?: string } = {},
): Promise<void> {
  const rows = await ctx.repositories.importErrors.listAfter(job.id, after, errorsPerPage + 1);
  const import_errors = rows.slice(0, errorsPerPage);
  const labeled = await ctx.repositories.importUndos.findLabeled(hasTasks(job) ? [job] : []);
  const pasted = job.state === "refused" ? job.files.find(({ name }) => name === "") : undefined;
  const locals = formLocals(project);
  const [first = unnamedField] = locals.required;
  ctx.render("projects/import-result", {
    ...(await loadProjectHead(ctx, project, "import", [job.user_id])),
    ...locals,
    job: {
      ...job,
      ...importProgress(job),
      uploads: uploadsOf(job),
      fields: job.fields.map((name) => (name === unnamedField ? first : name)),
    },
    problems: problemsByFile(import_errors, job.files),
    stopped_checking: job.error_count >= limits.importErrors,
    can_undo: hasTasks(job) && !labeled.has(job.id),
    undo_hint: labeled.has(job.id) && !undo_error ? labeledMessage : undefined,
    undo_error,
    files: job.files.filter(({ name }) => name !== ""),
    pasted,
    values: pasted && { format: pasted.format, text: await pastedText(ctx, pasted) },
    after,
    next: rows.length > import_errors.length && import_errors.at(-1)?.id,
  });
}

const labeledMessage = "This import can’t be undone any more: somebody has labeled its tasks.";

/** What people read when an import was not undone. */
export const undoRefusals: Record<UndoRefusal, string> = {
  labeled: "Somebody has labeled its tasks.",
  "no-tasks": "Its tasks are gone, or it is too old to undo.",
  unfinished: "It is not finished. Wait a moment, then try again.",
};

/** Whether an import has added tasks that can be deleted again. */
function hasTasks({ state, tasks_added, task_id_ranges }: Import): boolean {
  return (state === "done" || state === "refused") && tasks_added > 0 && task_id_ranges.length > 0;
}

/** The files of an import that stay, with their addresses below the base path. */
function uploadsOf({ project_id, files }: Import): { name: string; address: string }[] {
  return files
    .filter(({ format }) => format === "media")
    .map(({ name, upload_name = "" }) => ({ name, address: uploadAddress(project_id, upload_name) }));
}

/** Groups errors by their files, which they are sorted by, with the place of each for people. */
function problemsByFile(errors: ImportError[], files: ImportFile[]) {
  return [...groupBy(errors, ({ file }) => file)].map(([file, ofFile]) => {
    const format = files.find(({ name }) => storedFileName(name) === file)?.format;
    const placeOf = ({ line, item }: ImportError): string => {
      if (format && isOneTask(format)) return "";
      const isCounted = format === "json" && item !== null;
      return isCounted ? `Item ${item.toLocaleString("en")}:` : `Line ${line.toLocaleString("en")}:`;
    };
    return { file, errors: ofFile.map((error) => ({ place: placeOf(error), message: error.message })) };
  });
}

/** Returns a pasted text to show it again, or undefined if it is too long for that or was deleted. */
export async function pastedText(
  { repositories }: Pick<Context, "repositories">,
  { stored, bytes }: Pick<ImportFile, "stored" | "bytes">,
): Promise<string | undefined> {
  if (bytes > maxShownBytes) return undefined;
  return text(repositories.storedFiles.read({ id: stored, bytes })).catch((error: unknown) => {
    if (!(error instanceof FileGoneError)) throw error;
    return undefined;
  });
}

/** The data fields that the label config of a project refers to. */
export function requiredKeys({ label_config }: Project): string[] {
  return dataKeys(parseLabelConfig(label_config));
}

function dataKeys({ data_types }: LabelConfig): string[] {
  return [...new Set([...data_types.keys()].map(dataKey))];
}

function formLocals(project: Project) {
  const config = parseLabelConfig(project.label_config);
  const required = dataKeys(config);
  return {
    keys: [...new Set([...required, ...shownKeys(config.root)])],
    required,
    examples: importExamples(config.data_types),
    max_bytes: maxImportBytes,
    accepted: acceptedFiles,
    // A file fills one field.
    takes_media: config.data_types.size <= 1,
  };
}
