import createError from "http-errors";
import * as z from "zod";

import { recordId } from "../bodies/query-parameters.ts";
import { endpoint } from "../endpoint.ts";
import type { Endpoint, RequestContext, Resource } from "../endpoint.ts";
import { validationError } from "../errors.ts";
import { localStorageRecord } from "../../presenters/local-storage.ts";
import { findProject } from "../find-records.ts";
import { listStorages } from "./local-storages.ts";

const storageKinds = ["s3", "gcs", "azure", "redis"];

const projectQuery = z.object({ project: recordId() });

const emptyList = z.array(z.looseObject({}));

const noProject = { 404: "no such project" };

const emptyPage = z.object({ count: z.int(), next: z.null(), previous: z.null(), results: emptyList });

const instead = {
  ml: "Atelier calls no ML backend. Let a script list the tasks, and send what it predicts to /api/projects/{id}/import/predictions.",
  webhooks: "Atelier calls no webhooks. Ask /api/projects/counts/ or /api/tasks/ from time to time instead.",
  storages:
    "Atelier connects to no storage. Import tasks that hold the addresses of their files, and download exports with /api/projects/{id}/export.",
  folders:
    "Atelier writes no annotations into folders of the server. Download them with /api/projects/{id}/export, or let whoever runs the server write them there with `label-studio export`.",
  labels: "Atelier keeps labels in the labeling setup. Change label_config of the project instead.",
};

/** The POST of what is not here: 403, with what to do instead. */
function refused(what: string, reason: string): Endpoint {
  return endpoint({
    summary: `Refused: ${what}`,
    description: reason,
    python: `# ${reason}`,
    errors: { 403: "always" },
    handle: async () => {
      throw createError(403, reason);
    },
  });
}

function storages(path: string, what: string, requiresProject: boolean, reason = instead.storages): Resource {
  return {
    path,
    tag: "Not in Atelier",
    GET: endpoint({
      summary: `List ${what}: none`,
      python: `requests.get(f"{url}${path}?project=1", headers=headers)`,
      query: projectQuery,
      response: emptyList,
      ...(requiresProject && { errors: noProject }),
      async handle(ctx, { query }) {
        if (requiresProject) await requireProject(ctx, query.project);
        return [];
      },
    }),
    ...(requiresProject && { POST: refused(`connect ${what}`, reason) }),
  };
}

async function requireProject(ctx: RequestContext, id: number | undefined): Promise<void> {
  if (id === undefined) throw validationError({ non_field_errors: ['query parameter "project" is required'] });
  await findProject(ctx, id);
}

/**
 * Features of Label Studio that are not here. Scripts list what there is of them and go on if that is nothing, and are told what
 * to do instead where they want to make something.
 */
export const absentFeatures: Resource[] = [
  {
    path: "/api/ml/",
    tag: "Not in Atelier",
    GET: endpoint({
      summary: "List ML backends: none",
      python: "client.ml.list(project=1)",
      query: projectQuery,
      response: emptyList,
      errors: noProject,
      async handle(ctx, { query }) {
        await findProject(ctx, query.project ?? 0);
        return [];
      },
    }),
    POST: refused("connect an ML backend", instead.ml),
  },
  {
    path: "/api/webhooks/",
    tag: "Not in Atelier",
    GET: endpoint({
      summary: "List webhooks: none",
      python: "client.webhooks.list()",
      query: projectQuery,
      response: emptyList,
      async handle(ctx, { query }) {
        if (query.project !== undefined && !(await ctx.repositories.projects.find(query.project)))
          throw validationError({
            project: ["Select a valid choice. That choice is not one of the available choices."],
          });
        return [];
      },
    }),
    POST: refused("create a webhook", instead.webhooks),
  },
  {
    path: "/api/storages/",
    tag: "Storages",
    GET: endpoint({
      summary: "List storages to import from: those of local files",
      python: 'requests.get(f"{url}/api/storages/?project=1", headers=headers)',
      query: projectQuery,
      response: z.array(localStorageRecord),
      handle: async (ctx, { query }) => listStorages(ctx, query.project),
    }),
  },
  storages("/api/storages/export/", "storages to export to", false),
  {
    path: "/api/storages/types/",
    tag: "Not in Atelier",
    GET: endpoint({
      summary: "List the kinds of storages: local files, where they are served",
      python: 'requests.get(f"{url}/api/storages/types", headers=headers)',
      response: z.array(z.object({ name: z.string(), title: z.string() })),
      handle: async ({ config }) =>
        config.local_files_root === undefined ? [] : [{ name: "localfiles", title: "Local files" }],
    }),
  },
  ...storageKinds.flatMap((kind) => [
    storages(`/api/storages/${kind}/`, `${kind} storages to import from`, true),
    storages(`/api/storages/export/${kind}/`, `${kind} storages to export to`, true),
  ]),
  storages("/api/storages/export/localfiles/", "localfiles storages to export to", true, instead.folders),
  ...Object.entries({ "/api/labels/": "labels", "/api/label_links/": "links of labels" }).map(
    ([path, what]): Resource => ({
      path,
      tag: "Not in Atelier",
      GET: endpoint({
        summary: `List ${what} beside the labeling setup: none`,
        python: `requests.get(f"{url}${path}", headers=headers)`,
        response: emptyPage,
        handle: async () => ({ count: 0, next: null, previous: null, results: [] }),
      }),
      POST: refused(`add ${what}`, instead.labels),
    }),
  ),
  {
    path: "/api/templates/",
    tag: "Not in Atelier",
    GET: endpoint({
      summary: "List templates of labeling setups: none",
      description: "Those of Atelier are on the page of a new project.",
      python: 'requests.get(f"{url}/api/templates/", headers=headers)',
      response: z.object({ templates: emptyList, groups: z.array(z.string()) }),
      handle: async () => ({ templates: [], groups: [] }),
    }),
  },
];
