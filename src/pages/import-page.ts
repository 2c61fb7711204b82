import { text } from "node:stream/consumers";

import { limits } from "../common/limits.ts";
import type { Context, SignedIn } from "../context.ts";
import { importExamples } from "../imports/examples.ts";
import { importProgress } from "../imports/import-progress.ts";
import { dataKey, unnamedField } from "../label-config/task-data.ts";
import { parseLabelConfig } from "../label-config/parse-label-config.ts";
import type { Import, ImportFile } from "../repositories/jobs/imports.ts";
import { FileGoneError } from "../repositories/jobs/stored-files.ts";
import type { Project } from "../repositories/labeling/projects.ts";
import { maxImportBytes } from "../uploads/import-form.ts";

type ImportContext = Pick<Context, "repositories" | "render"> & { state: SignedIn };

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
  ctx.render("projects/import", {
    ...formLocals(project),
    ...form,
    recent: latest.map((each) => ({ ...each, ...importProgress(each) })),
  });
}

/** The page of one import: its progress or its outcome. `after` is the id of the last error of the page before. */
export async function renderImport(ctx: ImportContext, project: Project, job: Import, after: number): Promise<void> {
  const rows = await ctx.repositories.importErrors.listAfter(job.id, after, errorsPerPage + 1);
  const import_errors = rows.slice(0, errorsPerPage);
  const pasted = job.state === "refused" ? job.files.find(({ name }) => name === "") : undefined;
  const [first = unnamedField] = requiredKeys(project);
  ctx.render("projects/import-result", {
    ...formLocals(project),
    job: {
      ...job,
      ...importProgress(job),
      fields: job.fields.map((name) => (name === unnamedField ? first : name)),
    },
    import_errors,
    stopped_checking: job.error_count >= limits.importErrors,
    files: job.files.filter(({ name }) => name !== ""),
    pasted,
    values: pasted && { format: pasted.format, text: await pastedText(ctx, pasted) },
    after,
    next: rows.length > import_errors.length && import_errors.at(-1)?.id,
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
  return [...new Set([...parseLabelConfig(label_config).data_types.keys()].map(dataKey))];
}

function formLocals(project: Project) {
  return {
    project,
    keys: requiredKeys(project),
    examples: importExamples(parseLabelConfig(project.label_config).data_types),
    max_bytes: maxImportBytes,
  };
}
