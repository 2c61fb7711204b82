import assert from "node:assert/strict";

import { minutesFromNow } from "../../src/common/timestamps.ts";
import type { TestApp } from "./app.ts";

/** Ids of records of a project, by the noun in their addresses. */
export type LabelRecords = Record<"projects" | "tasks" | "annotations" | "predictions" | "drafts" | "exports", number>;

/** A project with a task that this person skipped, begun again and another one; what a program said of it; a snapshot. */
export async function addLabelRecords(
  { repositories }: Pick<TestApp, "repositories">,
  user: { id: number },
): Promise<LabelRecords> {
  const project = await repositories.projects.create(1, user.id, {});
  const task = await repositories.tasks.create(project, { data: "{}", meta: "{}" }, 2);
  await repositories.tasks.create(project, { data: "{}", meta: "{}" }, 1);
  const annotation = await repositories.annotations.create(task.id, user.id, { was_cancelled: true });
  const prediction = await repositories.predictions.create(task.id, {});
  const draft = await repositories.drafts.create(task.id, null, user.id, {});
  const wanted = { project_id: project.id, created_by_id: user.id, title: "A snapshot", options: {} };
  const snapshot = await repositories.exports.create(wanted);
  const held = await repositories.leases.acquire({ kind: "exports", id: snapshot.id }, minutesFromNow(1));
  assert.ok(held);
  await repositories.exports.complete(held, await repositories.storedFiles.write(nothing()), 0);
  return {
    projects: project.id,
    tasks: task.id,
    annotations: annotation?.id ?? 0,
    predictions: prediction?.id ?? 0,
    drafts: draft.id,
    exports: snapshot.id,
  };
}

async function* nothing(): AsyncGenerator<string> {
  yield "[]\n";
}

/** What has to be said in the address beside the path. */
const queries: Record<string, (records: LabelRecords) => string> = {
  "/api/tasks/": ({ projects }) => `?project=${projects}`,
  "/api/dm/actions/": ({ projects }) => `?project=${projects}&id=delete_tasks`,
};

/** An address of the API about these records, with the query that it needs; other ids in it stay. */
export function addressOf(address: string, records: LabelRecords): string {
  const ids: Record<string, number> = records;
  const id = ids[address.split("/")[2] ?? ""];
  const path = (id ? address.replace(":id", String(id)) : address).replace(":export_pk", String(records.exports));
  return path + (queries[address]?.(records) ?? "");
}
