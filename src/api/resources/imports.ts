import path from "node:path";

import createError from "http-errors";
import type { Context as KoaContext } from "koa";

import type { AppContext, SignedIn } from "../../context.ts";
import { importedFiles, importedTasks, importQuery } from "../bodies/imports.ts";
import { orNotFound } from "../../http/or-not-found.ts";
import type { ImportFile } from "../../repositories/jobs/imports.ts";
import type { ImportResult } from "../../imports/importer.ts";
import { formatFromName } from "../../imports/format.ts";
import { receiveImportBody, receiveImportForm } from "../../uploads/import-form.ts";
import { importRecord, presentImport } from "../../presenters/import.ts";
import { endpoint } from "../endpoint.ts";
import type { Resource } from "../endpoint.ts";

type Asking = Pick<KoaContext, "req" | "is" | "query" | "request"> &
  Pick<AppContext, "repositories" | "importer"> & { state: SignedIn };

const noProject = "No Project matches the given query.";
const stopping = "The server is stopping. The import goes on by itself, here or on another server.";
const noData = "load_tasks: No data found in DATA or in FILES";

/** Tasks that come into a project. */
export const imports: Resource[] = [
  {
    path: "/api/projects/:id/import",
    tag: "Projects",
    allow: "POST, OPTIONS",
    POST: endpoint({
      summary: "Import tasks",
      description:
        "A list of tasks, one task, or files of JSON, JSON Lines, CSV, TSV and TXT, up to 200 MB. All or nothing. No address is fetched.",
      python: 'client.projects.import_tasks(id=1, request=[{"text": "good"}])',
      query: importQuery,
      reads: { "application/json": importedTasks, "multipart/form-data": importedFiles },
      example: [{ text: "good" }],
      status: 201,
      answer: importRecord,
      refusals: { 503: "the server was stopped; the import goes on by itself" },
      async handle(ctx, { params, query }) {
        const began = performance.now();
        const project = orNotFound(await ctx.repositories.projects.find(params.id), noProject);
        const files = await receive(ctx);
        const wanted = {
          project_id: project.id,
          user_id: ctx.state.user.id,
          files,
          is_pasted: false,
          preannotated: namesIn(ctx.query["preannotated_from_fields"]),
        };
        const end = query.commit_to_project
          ? await (
              await ctx.importer.start(wanted)
            ).finished
          : await ctx.importer.check(wanted);
        refuseProblems(end, files);
        const { import: done } = end;
        if (!done || (query.commit_to_project && done.state !== "done"))
          throw createError(503, stopping, { expose: true });
        const seconds = (performance.now() - began) / 1000;
        // Tasks that another server added are not known here.
        const isKnown = !query.commit_to_project || end.task_ids.length === done.task_count;
        return presentImport(done, { seconds, ...(query.return_task_ids && isKnown && { task_ids: end.task_ids }) });
      },
    }),
  },
];

function namesIn(sent: string | string[] | undefined): string[] {
  return [sent ?? []].flat().flatMap((names) => names.split(/[,;|]/).flatMap((name) => name.trim() || []));
}

async function receive(ctx: Asking): Promise<ImportFile[]> {
  const type = ctx.request.length === 0 ? null : ctx.is("json", "urlencoded", "multipart");
  if (type === "multipart") return receiveFiles(ctx);
  if (type === "urlencoded")
    throw refused("Atelier fetches no addresses. Download the file, and send it as multipart/form-data.");
  if (type === false) throw createError(415, `Unsupported media type "${ctx.request.get("Content-Type")}" in request.`);
  if (type === null) throw refused(noData);
  const { name, stored, bytes, firstBytes } = await receiveImportBody(ctx.req, ctx.repositories.storedFiles);
  if (/^(?:\xef\xbb\xbf)?\s*[[{]/.test(firstBytes.toString("latin1"))) return [{ name, stored, bytes, format: "json" }];
  await ctx.repositories.storedFiles.delete([stored]);
  throw refused(noData);
}

async function receiveFiles(ctx: Asking): Promise<ImportFile[]> {
  const { files, text } = await receiveImportForm(ctx.req, ctx.repositories.storedFiles);
  if (text) await ctx.repositories.storedFiles.delete([text.stored]);
  const known = files.flatMap(({ name, stored, bytes }) => {
    const format = formatFromName(name);
    return format ? [{ name, stored, bytes, format }] : [];
  });
  if (known.length === files.length && known.length > 0) return known;
  await ctx.repositories.storedFiles.delete(files.map(({ stored }) => stored));
  const unknown = files.find(({ name }) => !formatFromName(name));
  throw refused(unknown ? `${path.extname(unknown.name).toLowerCase()} extension is not supported` : noData);
}

/** In upstream's words; a body that is no JSON is an error of its own. */
function refuseProblems({ errors }: ImportResult, files: ImportFile[]): void {
  const [first] = errors;
  if (!first) return;
  if (!first.is_unreadable) throw refused(...errors.map(({ api_message }) => api_message));
  if (files[0]?.name === "") throw createError(400, `JSON parse error - line ${first.line}: ${first.message}`);
  throw refused(`Failed to parse input file ${first.file}: line ${first.line}: ${first.message}`);
}

function refused(...non_field_errors: string[]): Error {
  return createError(400, "Validation error", { validation_errors: { non_field_errors } });
}
