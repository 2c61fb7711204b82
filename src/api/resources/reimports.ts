import createError from "http-errors";
import type * as z from "zod";

import { formatFromName } from "../../imports/format.ts";
import { originalName } from "../../common/upload-name.ts";
import { importRecord, presentImport } from "../../presenters/import.ts";
import type { FileUpload } from "../../repositories/jobs/file-uploads.ts";
import type { ImportFile, ImportFormat } from "../../repositories/jobs/imports.ts";
import { reimportBody } from "../bodies/file-uploads.ts";
import { endpoint } from "../endpoint.ts";
import type { RequestContext, Resource } from "../endpoint.ts";
import { validationError } from "../errors.ts";
import { findProject } from "../find-records.ts";
import { stoppedMessage, throwImportErrors } from "../import-errors.ts";

const reimportRecord = importRecord.omit({ could_be_tasks_list: true }).meta({ id: "Reimport" });

/** Imports files that were uploaded before. */
export const reimports: Resource[] = [
  {
    path: "/api/projects/:id/reimport",
    tag: "Projects",
    POST: endpoint({
      summary: "Import uploaded files, or import them again",
      description:
        "Those of `import` with `commit_to_project=false`, and images and recordings. Tasks that were made of them before are deleted, with their annotations, and made anew.",
      python:
        'requests.post(f"{url}/api/projects/1/reimport", headers=headers, json={"file_upload_ids": [1], "files_as_tasks_list": True})',
      example: { file_upload_ids: [1], files_as_tasks_list: true },
      body: reimportBody,
      status: 201,
      response: reimportRecord,
      errors: { 503: "the server was stopped; the import goes on by itself" },
      async handle(ctx, { params, body }): Promise<z.input<typeof reimportRecord>> {
        const startedAt = performance.now();
        const project = await findProject(ctx, params.id);
        const files = await findFiles(ctx, project.id, body);
        if (files.length === 0) return nothing;
        const started = await ctx.importer.start({
          project_id: project.id,
          user_id: ctx.state.user.id,
          files,
          is_pasted: false,
          preannotated_from_fields: [],
        });
        const end = await started.finished;
        throwImportErrors(end, files);
        if (end.import?.state !== "done") {
          await findProject(ctx, project.id);
          throw createError(503, stoppedMessage, { expose: true });
        }
        const seconds = (performance.now() - startedAt) / 1000;
        const { could_be_tasks_list: _, ...record } = presentImport(end.import, { seconds });
        return record;
      },
    }),
  },
];

const nothing: z.input<typeof reimportRecord> = {
  task_count: 0,
  annotation_count: 0,
  prediction_count: 0,
  duration: 0,
  file_upload_ids: [],
  found_formats: {},
  data_columns: [],
};

async function findFiles(
  { repositories }: Pick<RequestContext, "repositories">,
  project_id: number,
  { file_upload_ids, files_as_tasks_list }: z.output<typeof reimportBody>,
): Promise<ImportFile[]> {
  const ids = [...new Set(file_upload_ids)];
  const uploads = await repositories.fileUploads.listByIds(project_id, ids);
  const missing = ids.filter((id) => !uploads.some((upload) => upload.id === id));
  if (missing.length > 0) throw refused(`The project has no upload ${missing.slice(0, 10).join(", ")}.`);
  return uploads.map((upload) => toImportFile(upload, files_as_tasks_list));
}

/** Throws 400 where the file itself is not here. */
function toImportFile({ id, file, stored, bytes }: FileUpload, isList: boolean): ImportFile {
  const name = originalName(file);
  const format = formatFromName(name);
  if (stored === null || bytes === null)
    throw refused(`The file of upload ${id} is not here: its tasks hold what was in it. Send the file again.`);
  if (!format) throw refused(`Upload ${id} is of a format that can't be imported.`);
  return {
    name,
    stored,
    bytes,
    format: isList || !isAlsoMedia(format) ? format : "media",
    upload_id: id,
    upload_name: file,
    replaces_tasks: true,
  };
}

/** Whether a file of tasks can also be what a task is about, as the table of a TimeSeries. */
function isAlsoMedia(format: ImportFormat): boolean {
  return format === "csv" || format === "tsv" || format === "txt";
}

function refused(message: string): Error {
  return validationError({ file_upload_ids: [message] });
}
