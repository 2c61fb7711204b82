import path from "node:path";

import createError from "http-errors";
import type { Context as KoaContext } from "koa";

import { idsIn } from "../../common/id-ranges.ts";
import type { AppContext, SignedIn } from "../../context.ts";
import { formatFromName } from "../../imports/format.ts";
import type { ImportResult } from "../../imports/importer.ts";
import { importRecord, presentImport } from "../../presenters/import.ts";
import type { ImportFile, NewImport } from "../../repositories/jobs/imports.ts";
import { receiveImportBody, receiveImportForm } from "../../uploads/import-form.ts";
import { assertWithinQuota } from "../../uploads/quota.ts";
import { importedFilesBody, importedTasksBody, importQuery } from "../bodies/imports.ts";
import { endpoint } from "../endpoint.ts";
import type { Resource } from "../endpoint.ts";
import { validationError } from "../errors.ts";
import { findProject } from "../find-records.ts";
import { stoppedMessage, throwImportErrors } from "../import-errors.ts";
import { jsonWithoutType, looksLikeJson, unsupportedType } from "../read-body.ts";
import { assertSameRequest, contentKey, submittedKey } from "../idempotency.ts";

type ImportContext = Pick<KoaContext, "req" | "res" | "is" | "request" | "get" | "method" | "path"> &
  Pick<AppContext, "config" | "repositories" | "importer" | "stopping"> & { state: SignedIn };

const fetchesNothing = "Atelier fetches no addresses. Download the file, and send it as multipart/form-data.";
const noData = "load_tasks: No data found in DATA or in FILES";

const importTasks = endpoint({
  summary: "Import tasks",
  description:
    "A list of tasks, one task, files of tasks (JSON, JSON Lines, CSV, TSV, TXT), or images, recordings and documents, each of which becomes a task. Up to 200 MB. All or nothing. No address is fetched.",
  python: 'client.projects.import_tasks(id=1, request=[{"text": "good"}])',
  query: importQuery,
  requestContent: { "application/json": importedTasksBody, "multipart/form-data": importedFilesBody },
  example: [{ text: "good" }],
  status: 201,
  response: importRecord,
  takesIdempotencyKey: true,
  errors: { 503: "the server was stopped; the import goes on by itself" },
  async handle(ctx, { params, query }) {
    const startedAt = performance.now();
    const project = await findProject(ctx, params.id);
    const { files, content } = await receiveFiles(ctx);
    const { commit_to_project } = query;
    await assertWithinQuota(ctx, files, ({ name, format }) => (commit_to_project ? format === "media" : name !== ""));
    const newImport = {
      project_id: project.id,
      user_id: ctx.state.user.id,
      files,
      is_pasted: false,
      preannotated_from_fields: fieldNames(ctx.query["preannotated_from_fields"]),
    };
    const end = query.commit_to_project
      ? await importOnce(ctx, newImport, [content, newImport.preannotated_from_fields])
      : await ctx.importer.check(newImport);
    throwImportErrors(end, files);
    const { import: done } = end;
    if (!done || (query.commit_to_project && done.state !== "done")) {
      // Where the project was deleted meanwhile, nothing goes on: 404.
      await findProject(ctx, params.id);
      throw createError(503, stoppedMessage, { expose: true });
    }
    const seconds = (performance.now() - startedAt) / 1000;
    return presentImport(done, {
      seconds,
      ...(query.return_task_ids && { task_ids: idsIn(done.task_id_ranges) }),
    });
  },
});

/** Imports tasks into a project. */
export const imports: Resource[] = [
  { path: "/api/projects/:id/import", tag: "Projects", POST: importTasks },
  {
    path: "/api/projects/:id/tasks/bulk/",
    tag: "Projects",
    POST: {
      ...importTasks,
      summary: "Import tasks by their old address",
      python: 'requests.post(f"{url}/api/projects/1/tasks/bulk/", headers=headers, json=[{"text": "good"}])',
    },
  },
];

/**
 * Joins a request to the import of an earlier one that was the same: by its Idempotency-Key, or by what was sent for as long as
 * the earlier request has not got its answer. Clients repeat a request after a broken connection, a 502 or a 503.
 */
async function importOnce(ctx: ImportContext, newImport: NewImport, content: unknown[]): Promise<ImportResult> {
  const text = JSON.stringify(content);
  const submitted = submittedKey(ctx, () => text);
  const key = submitted ?? contentKey(ctx, text);
  const disconnection = new AbortController();
  ctx.res.once("close", () => disconnection.abort());
  const result = await ctx.importer.startOnce(newImport, key, {
    check: (earlier) => assertSameRequest(key, earlier),
    signal: AbortSignal.any([disconnection.signal, ctx.stopping]),
  });
  if (!submitted && result.import?.state === "done") ctx.res.once("finish", () => ctx.importer.forget(key));
  return result;
}

function fieldNames(parameter: string | string[] | undefined): string[] {
  return [parameter ?? []].flat().flatMap((names) => names.split(/[,;|]/).flatMap((name) => name.trim() || []));
}

interface ReceivedFiles {
  files: ImportFile[];
  /** The names of the files, and digests of their contents. */
  content: string[];
}

async function receiveFiles(ctx: ImportContext): Promise<ReceivedFiles> {
  const type = ctx.request.length === 0 ? null : ctx.is("json", "urlencoded", "multipart");
  if (type === "multipart") return receiveForm(ctx);
  if (type === false) throw unsupportedType(ctx);
  if (type === null) throw invalid(noData);
  const { name, stored, bytes, sha256, firstBytes } = await receiveImportBody(ctx.req, ctx.repositories.storedFiles);
  const isJson = looksLikeJson(firstBytes.toString("latin1"));
  if (isJson && type === "json") return { files: [{ name, stored, bytes, format: "json" }], content: [name, sha256] };
  await ctx.repositories.storedFiles.delete([stored]);
  if (isJson) throw jsonWithoutType();
  throw invalid(type === "json" ? noData : fetchesNothing);
}

async function receiveForm(ctx: ImportContext): Promise<ReceivedFiles> {
  const { files, text } = await receiveImportForm(ctx.req, ctx.repositories.storedFiles);
  if (text) await ctx.repositories.storedFiles.delete([text.stored]);
  const known = files.flatMap(({ name, stored, bytes }) => {
    const format = formatFromName(name);
    return format ? [{ name, stored, bytes, format }] : [];
  });
  if (known.length === files.length && known.length > 0)
    return { files: known, content: files.flatMap(({ name, sha256 }) => [name, sha256]) };
  await ctx.repositories.storedFiles.delete(files.map(({ stored }) => stored));
  const unknown = files.find(({ name }) => !formatFromName(name));
  throw invalid(unknown ? `${path.extname(unknown.name).toLowerCase()} extension is not supported` : noData);
}

function invalid(message: string): Error {
  return validationError({ non_field_errors: [message] });
}
