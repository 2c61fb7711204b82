import { stat } from "node:fs/promises";
import path from "node:path";

import createError from "http-errors";
import * as z from "zod";

import { isWithin } from "../../common/paths.ts";
import type { Config } from "../../config/config.ts";
import { orNotFound } from "../../http/or-not-found.ts";
import { refreshStorage, syncStorage } from "../../imports/sync-storage.ts";
import { localStorageRecord, presentLocalStorage } from "../../presenters/local-storage.ts";
import type { LocalStorage, LocalStorageChanges } from "../../repositories/labeling/local-storages.ts";
import { newStorageBody, storageChangesBody, storageValidationBody } from "../bodies/local-storages.ts";
import { recordId } from "../bodies/query-parameters.ts";
import { endpoint, putLikePatch } from "../endpoint.ts";
import type { RequestContext, Resource } from "../endpoint.ts";
import { validationError } from "../errors.ts";
import { findProject, noMatch } from "../find-records.ts";

const tag = "Storages";

const notServed =
  "Local files are not served here. Whoever runs the server switches it on by LOCAL_FILES_SERVING_ENABLED=true and LOCAL_FILES_DOCUMENT_ROOT, the folder that they are below.";

const errors = { 403: "local files are not served here" };

const updateStorage = endpoint({
  summary: "Change a storage of local files",
  description: "Fields left out stay as they are.",
  python: 'client.import_storage.local.update(id=1, regex_filter=".*png")',
  example: { regex_filter: ".*png" },
  body: storageChangesBody,
  response: localStorageRecord,
  errors,
  async handle(ctx, { params, body }) {
    const storage = await findStorage(ctx, params.id);
    servedFolder(ctx.config);
    const changes = changesOf(body);
    if (changes.path !== undefined) changes.path = await checkPath(ctx.config, changes.path);
    await ctx.repositories.localStorages.update(storage.id, changes);
    return presentLocalStorage(await findStorage(ctx, storage.id));
  },
});

/** Folders on the server's disk whose files become tasks. */
export const localStorages: Resource[] = [
  {
    path: "/api/storages/localfiles/",
    tag,
    GET: endpoint({
      summary: "List the storages of local files of a project",
      python: "client.import_storage.local.list(project=1)",
      query: z.object({ project: recordId() }),
      response: z.array(localStorageRecord),
      errors: { 404: "no such project" },
      async handle(ctx, { query }) {
        if (query.project === undefined)
          throw validationError({ non_field_errors: ['query parameter "project" is required'] });
        const project = await findProject(ctx, query.project);
        return listStorages(ctx, project.id);
      },
    }),
    POST: endpoint({
      summary: "Make tasks of a folder on the server's disk",
      description: "The folder is below LOCAL_FILES_DOCUMENT_ROOT. Nothing is read before `sync`.",
      python: 'client.import_storage.local.create(project=1, path="/files/images", use_blob_urls=True)',
      example: { project: 1, path: "/files/images", use_blob_urls: true },
      body: newStorageBody,
      status: 201,
      response: localStorageRecord,
      errors: { ...errors, 404: "no such project" },
      async handle(ctx, { body: { project: project_id, ...values } }) {
        servedFolder(ctx.config);
        const project = await findProject(ctx, project_id);
        const path = await checkPath(ctx.config, values.path);
        const storage = await ctx.repositories.localStorages.create(project.id, { ...changesOf(values), path });
        const by = ctx.state.user.id;
        ctx.log.info({ event: "storage_created", project: project.id, path, by, ip: ctx.ip }, "storage created");
        return presentLocalStorage(storage);
      },
    }),
  },
  {
    path: "/api/storages/localfiles/validate/",
    tag,
    POST: endpoint({
      summary: "Check whether a folder could be a storage",
      python: 'client.import_storage.local.validate(project=1, path="/files/images")',
      example: { project: 1, path: "/files/images" },
      body: storageValidationBody,
      response: z.object({}),
      errors: { ...errors, 404: "no such project" },
      async handle(ctx, { body }) {
        servedFolder(ctx.config);
        await findProject(ctx, body.project);
        await checkPath(ctx.config, body.path);
        return {};
      },
    }),
  },
  {
    path: "/api/storages/localfiles/:id/",
    tag,
    GET: endpoint({
      summary: "Get a storage of local files",
      python: "client.import_storage.local.get(id=1)",
      response: localStorageRecord,
      async handle(ctx, { params }) {
        return presentLocalStorage(await findStorage(ctx, params.id));
      },
    }),
    PUT: putLikePatch(
      updateStorage,
      'requests.put(f"{url}/api/storages/localfiles/1", headers=headers, json={"regex_filter": ".*png"})',
    ),
    PATCH: updateStorage,
    DELETE: endpoint({
      summary: "Forget a storage of local files",
      description:
        "Its tasks and the files stay; without another storage of the folder, files are not served any more.",
      python: "client.import_storage.local.delete(id=1)",
      status: 204,
      async handle(ctx, { params }) {
        const { id } = await findStorage(ctx, params.id);
        await ctx.repositories.localStorages.delete(id);
      },
    }),
  },
  {
    path: "/api/storages/localfiles/:id/sync/",
    tag,
    POST: endpoint({
      summary: "Make tasks of the files of a storage that are none yet",
      description: "All or nothing: `status` and `traceback` tell. Answered when it is done.",
      python: "client.import_storage.local.sync(id=1)",
      response: localStorageRecord,
      errors,
      async handle(ctx, { params }) {
        const storage = await findStorage(ctx, params.id);
        const root = servedFolder(ctx.config);
        await syncStorage(ctx, storage, { root, user_id: ctx.state.user.id });
        return presentLocalStorage(await findStorage(ctx, storage.id));
      },
    }),
  },
];

/** The storages of a project, or of all, as the API has them. */
export async function listStorages(ctx: Pick<RequestContext, "repositories">, project_id?: number) {
  const storages = [];
  for (const storage of await ctx.repositories.localStorages.list(project_id))
    storages.push(presentLocalStorage(await refreshStorage(ctx, storage)));
  return storages;
}

function servedFolder({ local_files_root }: Pick<Config, "local_files_root">): string {
  if (local_files_root === undefined) throw createError(403, notServed);
  return local_files_root;
}

async function findStorage(ctx: Pick<RequestContext, "repositories">, id: number): Promise<LocalStorage> {
  const storage = orNotFound(await ctx.repositories.localStorages.find(id), noMatch("LocalFilesImportStorage"));
  return refreshStorage(ctx, storage);
}

function changesOf(body: z.output<typeof storageChangesBody>): LocalStorageChanges {
  const entries = Object.entries(body).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries.map(([name, value]) => [name, value === "" ? null : value]));
}

/** Returns the path without slashes at its end. Throws 400 unless it is that of a folder below the one that is served. */
async function checkPath(
  config: Pick<Config, "local_files_root" | "data_dir">,
  folder_path: string | null | undefined,
): Promise<string> {
  const root = servedFolder(config);
  if (!folder_path) throw refused("Path must be set for Local Files storage");
  const folder = path.resolve(root, folder_path);
  const example = path.join(root, "dataset1");
  if (folder === root)
    throw refused(
      `Absolute local path "${folder_path}" cannot be the same as LOCAL_FILES_DOCUMENT_ROOT="${root}" by security reasons. Please add a subdirectory. For example: "${example}".`,
    );
  if (!isWithin(root, folder))
    throw refused(
      `Absolute local path "${folder_path}" must be a subdirectory of LOCAL_FILES_DOCUMENT_ROOT="${root}" by security reasons. For example: "${example}".`,
    );
  if (isWithin(config.data_dir, folder) || isWithin(folder, config.data_dir))
    throw refused(`Absolute local path "${folder_path}" holds the data of this server itself. Choose another folder.`);
  const isFolder = await stat(folder).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
  if (!isFolder) throw refused(`Absolute local path "${folder_path}" does not exist`);
  return folder;
}

function refused(message: string): Error {
  return validationError({ non_field_errors: [message] });
}
