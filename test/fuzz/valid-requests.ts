import { pageForms as forms } from "../support/page-forms.ts";
import { servedRoutes } from "../support/served-routes.ts";
import type { ServedRoute } from "../support/served-routes.ts";
import { smallPng } from "../support/images.ts";
import type { World } from "./world.ts";

export type Fields = [name: string, value: string][];

/** A part of a multipart body: a file if it has a file name. */
export interface Part {
  name: string;
  filename?: string;
  content: Buffer | string;
}

export type Body =
  | { kind: "none" }
  | { kind: "json"; value: unknown }
  | { kind: "form"; fields: Fields }
  | { kind: "multipart"; parts: Part[] };

const csv = "text,topic\ngood,Praise\nbad,\n";
const image: Part[] = [{ name: "avatar", filename: "me.png", content: smallPng }];
const file: Part[] = [{ name: "files", filename: "tasks.csv", content: csv }];

const multiparts: Record<string, Part[]> = {
  "POST /projects/:id/import": [{ name: "format", content: "auto" }, ...file, { name: "text", content: "" }],
  "POST /user/account": image,
  "POST /user/account/personal-info": image,
  "POST /api/users/:id/avatar/": image,
  "POST /api/projects/:id/import": file,
  "POST /api/projects/:id/tasks/bulk/": file,
  "PUT /api/import/file-upload/:id": [{ name: "file", filename: "car.png", content: smallPng }],
  "PATCH /api/import/file-upload/:id": [{ name: "file", filename: "car.png", content: smallPng }],
};

const taskQuery = JSON.stringify({
  filters: {
    conjunction: "or",
    items: [
      { filter: "filter:tasks:data.text", operator: "contains", type: "String", value: "good" },
      { filter: "filter:tasks:data.text", operator: "regex", type: "String", value: "^b.d$" },
    ],
  },
  ordering: ["-tasks:data.text"],
  selectedItems: { all: true, excluded: [] },
});

const queries: Record<string, (world: World) => string> = {
  "/user/signup": ({ invite }) => `token=${invite}&next=/projects/`,
  "/user/login": () => "next=/projects/",
  "/people": () => "q=ann&sort=-last_activity",
  "/projects": () => "q=round&page=1",
  "/projects/:id": () => "labeled=yes&after=1",
  "/api/tasks/": ({ ids }) =>
    `project=${ids["projects"]?.[0]}&page=1&page_size=2&fields=all&query=${encodeURIComponent(taskQuery)}`,
  "/api/dm/views/": ({ ids }) => `project=${ids["projects"]?.[0]}`,
  "/api/dm/views/reset/": ({ ids }) => `project=${ids["projects"]?.[0]}`,
  "/api/dm/columns/": ({ ids }) => `project=${ids["projects"]?.[0]}`,
  "/api/dm/project/": ({ ids }) => `project=${ids["projects"]?.[0]}`,
  "/api/projects/": () => "page=1&page_size=2&ordering=-id&include=id,title",
  "/api/projects/:id/model-versions/": () => "extended=true&limit=2",
  "/api/projects/:id/file-uploads": () => "all=true&ids=[1,2]",
  "/storage-data/uploaded/": ({ ids }) => `filepath=upload/${ids["projects"]?.[0]}/0123abcd-car.png`,
  "/api/ml/": ({ ids }) => `project=${ids["projects"]?.[0]}`,
  "/data/local-files/": () => "d=images/car.png",
  "/api/storages/localfiles/": ({ ids }) => `project=${ids["projects"]?.[0]}`,
  "/api/storages/s3/": ({ ids }) => `project=${ids["projects"]?.[0]}`,
  "/api/projects/:id/export": () => "exportType=CSV&download_all_tasks=true",
  "/api/dm/actions/delete_tasks_annotations/form/": ({ ids }) => `project=${ids["projects"]?.[0]}`,
  "/api/dm/actions/predictions_to_annotations/form/": ({ ids }) => `project=${ids["projects"]?.[0]}`,
  "/api/dm/actions/": ({ ids }) => `project=${ids["projects"]?.[0]}&id=delete_tasks_annotations`,
  "/api/organizations/:id/memberships": () => "page=1&page_size=2&contributed_to_projects=1",
};

export const routes = servedRoutes;

export function validQuery({ path }: ServedRoute, world: World): string {
  return queries[path]?.(world) ?? "";
}

/** The bodies that a route takes, of which one is chosen. */
export function validBodies({ method, path, endpoint }: ServedRoute, world: World): Body[] {
  if (method === "GET") return [{ kind: "none" }];
  const parts = multiparts[`${method} ${path}`];
  const fields = forms[path];
  const value = path.startsWith("/api/token/") ? { refresh: world.refresh } : (endpoint?.example ?? {});
  return [
    ...(parts ? [{ kind: "multipart" as const, parts }] : []),
    ...(fields ? [{ kind: "form" as const, fields: Object.entries(fields) }] : []),
    ...(endpoint ? [{ kind: "json" as const, value }] : []),
    ...(!parts && !fields && !endpoint ? [{ kind: "form" as const, fields: [] }] : []),
  ];
}
