import assert from "node:assert/strict";

import { minutesFromNow } from "../../src/common/timestamps.ts";
import type { Repositories } from "../../src/repositories/index.ts";
import type { TestApp } from "./app.ts";
import { pageSetup } from "./page-forms.ts";

const kinds = ["projects", "tasks", "annotations", "predictions", "drafts", "exports", "imports", "views"] as const;

/** Ids of records of a project, by the noun in their addresses. */
export type LabelRecords = Record<(typeof kinds)[number], number>;

/**
 * A project with a task that this person skipped, began again and another one; what a program said of it; a snapshot. For a
 * request to one address, only what it names beside the project and its tasks: the ids of the others are 0.
 */
export async function addLabelRecords(
  { repositories }: Pick<TestApp, "repositories">,
  user: { id: number },
  address?: string,
): Promise<LabelRecords> {
  const isNamed = (kind: (typeof kinds)[number]) => !address || address.split("/").includes(kind);
  const project = await repositories.projects.create(1, user.id, {
    title: "Reviews",
    label_config: pageSetup,
    show_skip_button: true,
  });
  const task = await repositories.tasks.create(project, { data: "{}", meta: "{}" }, 2);
  await repositories.tasks.create(project, { data: "{}", meta: "{}" }, 1);
  const annotation = async () => repositories.annotations.create(task.id, user.id, { was_cancelled: true });
  const prediction = async () => repositories.predictions.create(task.id, {});
  const draft = async () => repositories.drafts.create(task.id, null, user.id, {});
  return {
    projects: project.id,
    tasks: task.id,
    annotations: (isNamed("annotations") && (await annotation())?.id) || 0,
    predictions: (isNamed("predictions") && (await prediction())?.id) || 0,
    drafts: (isNamed("drafts") && (await draft()).id) || 0,
    imports: (isNamed("imports") && (await addImport(repositories, project.id, user.id))) || 0,
    views:
      ((isNamed("views") || address?.includes("/filters")) &&
        (await repositories.views.create(project.id, user.id, { data: {} })).id) ||
      0,
    exports: (isNamed("exports") && (await addSnapshot(repositories, project.id, user.id))) || 0,
  };
}

async function addSnapshot({ exports, leases, storedFiles }: Repositories, project_id: number, created_by_id: number) {
  const snapshot = await exports.create({ project_id, created_by_id, title: "A snapshot", options: {} });
  const held = await leases.acquire({ kind: "exports", id: snapshot.id }, minutesFromNow(1));
  assert.ok(held);
  await exports.complete(held, await storedFiles.write(nothing()), 0);
  return snapshot.id;
}

async function addImport({ imports }: Repositories, project_id: number, user_id: number) {
  const values = { project_id, user_id, files: [], is_pasted: false, preannotated_from_fields: [] };
  return (await imports.create(values, "")).id;
}

async function* nothing(): AsyncGenerator<string> {
  yield "[]\n";
}

/** What has to be said in the address beside the path. */
const queries: Record<string, (records: LabelRecords) => string> = {
  "/api/tasks/": ({ projects }) => `?project=${projects}`,
  "/api/dm/views/reset/": ({ projects }) => `?project=${projects}`,
  "/api/dm/columns/": ({ projects }) => `?project=${projects}`,
  "/api/dm/project/": ({ projects }) => `?project=${projects}`,
  "/api/dm/actions/delete_tasks_annotations/form/": ({ projects }) => `?project=${projects}`,
  "/api/dm/actions/predictions_to_annotations/form/": ({ projects }) => `?project=${projects}`,
  "/api/ml/": ({ projects }) => `?project=${projects}`,
  "/api/dm/actions/": ({ projects }) => `?project=${projects}&id=delete_tasks`,
};

/** An address of the API about these records, with the query that it needs; other ids in it stay. */
export function addressOf(address: string, records: LabelRecords): string {
  const ids: Record<string, number> = records;
  const parts = address.split("/");
  const id = ids[parts[parts.indexOf(":id") - 1] ?? ""];
  const path = (id ? address.replace(":id", String(id)) : address)
    .replace(":export_pk", String(records.exports))
    .replace(":annotation_id", String(records.annotations))
    .replace(":import_pk", "1");
  const needsProject = /^\/api\/storages\/(?:export\/)?(?!export|types)\w/.test(address);
  return path + (queries[address]?.(records) ?? (needsProject ? `?project=${records.projects}` : ""));
}
