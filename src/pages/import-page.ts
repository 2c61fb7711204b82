import { text } from "node:stream/consumers";

import type { Context, SignedIn } from "../context.ts";
import { orNotFound } from "../http/or-not-found.ts";
import { parseId } from "../common/ids.ts";
import { maxErrors } from "../imports/validate-files.ts";
import { importExamples } from "../imports/examples.ts";
import { importProgress } from "../imports/import-progress.ts";
import type { ImportFile } from "../repositories/jobs/import-file.ts";
import { keyOf, unnamed } from "../label-config/data.ts";
import { parseLabelConfig } from "../label-config/setup.ts";
import { largestImport } from "../uploads/import-form.ts";
import type { Import } from "../repositories/jobs/imports.ts";
import type { Project } from "../repositories/labeling/projects.ts";
import { FileGoneError } from "../repositories/jobs/stored-files.ts";

type Importing = Pick<Context, "repositories" | "render"> & {
  state: SignedIn;
  params: Record<string, string>;
};

const recentImports = 5;
const problemsPerPage = 100;

/** Bytes of a pasted text that is shown again. */
const longestShown = 1_000_000;

export async function findProject({ repositories, params }: Importing): Promise<Project> {
  return orNotFound(await repositories.projects.find(parseId(params.id)));
}

interface Refused {
  values: Record<string, unknown>;
  errors: Record<string, string[] | undefined>;
}

export async function showImportForm(ctx: Importing, project: Project, refused?: Refused): Promise<void> {
  const latest = await ctx.repositories.imports.listLatest(project.id, recentImports);
  ctx.render("projects/import", {
    ...formParts(project),
    ...refused,
    recent: latest.map((each) => ({ ...each, ...importProgress(each) })),
  });
}

/** How far an import is, or what became of it; its problems from the one behind `after` on. */
export async function showImport(ctx: Importing, project: Project, shown: Import, after: number): Promise<void> {
  const rows = await ctx.repositories.importErrors.listAfter(shown.id, after, problemsPerPage + 1);
  const problems = rows.slice(0, problemsPerPage);
  const pasted = shown.state === "refused" ? shown.files.find(({ name }) => name === "") : undefined;
  const [first = unnamed] = neededKeys(project);
  ctx.render("projects/import-result", {
    ...formParts(project),
    shown: {
      ...shown,
      ...importProgress(shown),
      fields: shown.fields.map((name) => (name === unnamed ? first : name)),
    },
    problems,
    stopped_checking: shown.problem_count >= maxErrors,
    files: shown.files.filter(({ name }) => name !== ""),
    pasted,
    values: pasted && { format: pasted.format, text: await shownText(ctx, pasted) },
    after,
    next: rows.length > problems.length && problems.at(-1)?.id,
  });
}

/** A text that was pasted; undefined when it is long, or gone. */
export async function shownText(
  { repositories }: Pick<Context, "repositories">,
  { stored, bytes }: Pick<ImportFile, "stored" | "bytes">,
): Promise<string | undefined> {
  if (bytes > longestShown) return undefined;
  return text(repositories.storedFiles.read({ id: stored, bytes })).catch((error: unknown) => {
    if (!(error instanceof FileGoneError)) throw error;
    return undefined;
  });
}

/** The fields that the labeling setup of a project needs. */
export function neededKeys({ label_config }: Project): string[] {
  return [...new Set([...parseLabelConfig(label_config).data_types.keys()].map(keyOf))];
}

function formParts(project: Project) {
  return {
    project,
    keys: neededKeys(project),
    examples: importExamples(parseLabelConfig(project.label_config).data_types),
    most_bytes: largestImport,
  };
}
