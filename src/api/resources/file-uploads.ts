import path from "node:path";

import type { Context as KoaContext } from "koa";
import * as z from "zod";

import { uploadName } from "../../common/upload-name.ts";
import type { AppContext, SignedIn } from "../../context.ts";
import { orNotFound } from "../../http/or-not-found.ts";
import { formatFromName } from "../../imports/format.ts";
import { fileUploadRecord, presentFileUpload } from "../../presenters/file-upload.ts";
import type { FileUpload } from "../../repositories/jobs/file-uploads.ts";
import { receiveImportForm } from "../../uploads/import-form.ts";
import { assertWithinQuota } from "../../uploads/quota.ts";
import { fileBody, fileUploadsBody, fileUploadsQuery } from "../bodies/file-uploads.ts";
import { endpoint } from "../endpoint.ts";
import type { RequestContext, Resource } from "../endpoint.ts";
import { validationError } from "../errors.ts";
import { findProject, noMatch } from "../find-records.ts";
import { jsonArray } from "../json-stream.ts";
import { mapBatches, readBatches } from "../keyset-pagination.ts";

type UploadContext = Pick<KoaContext, "req" | "is"> & Pick<AppContext, "config" | "repositories"> & { state: SignedIn };

const replaceFile = endpoint({
  summary: "Put another file in the place of an upload",
  description: "It gets a new address; tasks that name the old one stay as they are.",
  python:
    'requests.patch(f"{url}/api/import/file-upload/1", headers=headers, files={"file": open("better.png", "rb")})',
  requestContent: { "multipart/form-data": fileBody },
  response: fileUploadRecord,
  async handle(ctx, { params }) {
    const upload = await findUpload(ctx, params.id);
    const received = await receiveFile(ctx);
    const { fileUploads, storedFiles } = ctx.repositories;
    const file = uploadName(received.name);
    await storedFiles.delete(await fileUploads.replace(upload.id, { ...received, file }));
    return presentFileUpload({ ...upload, file, bytes: received.bytes });
  },
});

/** The files that were sent to projects: of imports, and for later ones. */
export const fileUploads: Resource[] = [
  {
    path: "/api/projects/:id/file-uploads",
    tag: "Projects",
    GET: endpoint({
      summary: "List uploaded files of a project",
      description: "`file` is the path below /data/.",
      python: 'requests.get(f"{url}/api/projects/1/file-uploads?all=true", headers=headers)',
      query: fileUploadsQuery,
      response: z.array(fileUploadRecord),
      async handle(ctx, { params, query }) {
        const { fileUploads } = ctx.repositories;
        const project = await findProject(ctx, params.id);
        if (query.ids) return (await fileUploads.listByIds(project.id, query.ids)).map(presentFileUpload);
        if (!query.all && !project.is_draft) return [];
        const read = async (last: FileUpload | undefined, limit: number) =>
          fileUploads.listAfter(project.id, last?.id ?? 0, limit);
        return jsonArray(mapBatches(readBatches(read), (rows) => rows.map(presentFileUpload)));
      },
    }),
    DELETE: endpoint({
      summary: "Delete uploaded files of a project",
      description: "All, or those of `file_upload_ids`. Tasks that name their addresses stay.",
      python: 'requests.delete(f"{url}/api/projects/1/file-uploads", headers=headers, json={"file_upload_ids": [1]})',
      example: { file_upload_ids: [1] },
      body: fileUploadsBody,
      response: z.object({ deleted: z.int() }),
      async handle(ctx, { params, body }) {
        const { fileUploads } = ctx.repositories;
        const project = await findProject(ctx, params.id);
        const ids = body.file_upload_ids;
        const read = async (last: FileUpload | undefined, limit: number) =>
          fileUploads.listAfter(project.id, last?.id ?? 0, limit);
        const batches = ids ? [await fileUploads.listByIds(project.id, ids)] : readBatches(read);
        let deleted = 0;
        for await (const batch of batches) for (const upload of batch) if (await deleteUpload(ctx, upload)) deleted++;
        const by = ctx.state.user.id;
        ctx.log.info(
          { event: "uploads_deleted", project: project.id, uploads: deleted, by, ip: ctx.ip },
          "uploads deleted",
        );
        return { deleted };
      },
    }),
  },
  {
    path: "/api/import/file-upload/:id",
    tag: "Projects",
    GET: endpoint({
      summary: "Get an uploaded file's name and size",
      description: "`file` is the path below /data/.",
      python: 'requests.get(f"{url}/api/import/file-upload/1", headers=headers)',
      response: fileUploadRecord,
      async handle(ctx, { params }) {
        return presentFileUpload(await findUpload(ctx, params.id));
      },
    }),
    PUT: {
      ...replaceFile,
      summary: `${replaceFile.summary} by PUT`,
      python:
        'requests.put(f"{url}/api/import/file-upload/1", headers=headers, files={"file": open("better.png", "rb")})',
    },
    PATCH: replaceFile,
    DELETE: endpoint({
      summary: "Delete an uploaded file",
      description: "Tasks that name its address stay.",
      python: 'requests.delete(f"{url}/api/import/file-upload/1", headers=headers)',
      status: 204,
      async handle(ctx, { params }) {
        await deleteUpload(ctx, await findUpload(ctx, params.id));
      },
    }),
  },
];

async function findUpload({ repositories }: Pick<RequestContext, "repositories">, id: number): Promise<FileUpload> {
  return orNotFound(await repositories.fileUploads.find(id), noMatch("FileUpload"));
}

async function deleteUpload(
  { repositories }: Pick<RequestContext, "repositories">,
  { id, stored }: FileUpload,
): Promise<boolean> {
  if (stored !== null) await repositories.storedFiles.delete([stored]);
  return repositories.fileUploads.delete(id);
}

/** Returns the one file of a multipart form, stored. Throws 400 if there is none, or its name says that it can't be imported. */
async function receiveFile(ctx: UploadContext): Promise<{ name: string; stored: string; bytes: number }> {
  const { storedFiles } = ctx.repositories;
  const form = ctx.is("multipart") ? await receiveImportForm(ctx.req, storedFiles) : undefined;
  const [file, ...others] = form?.files ?? [];
  const discarded = [...others, ...(form?.text ? [form.text] : [])];
  const refusal = !file ? "No file was submitted." : refuseName(file.name);
  if (file && refusal !== undefined) discarded.push(file);
  await storedFiles.delete(discarded.map(({ stored }) => stored));
  if (!file || refusal !== undefined) throw validationError({ file: [refusal ?? ""] });
  await assertWithinQuota(ctx, [file], () => true);
  return file;
}

function refuseName(name: string): string | undefined {
  return formatFromName(name) ? undefined : `${path.extname(name).toLowerCase()} extension is not supported`;
}
