import type { TestContext } from "node:test";

import type { Test } from "supertest";

import type { Config } from "../../src/config/config.ts";
import type { AnnotationChanges } from "../../src/repositories/labeling/annotations.ts";
import type { Project } from "../../src/repositories/labeling/projects.ts";
import type { Task } from "../../src/repositories/labeling/tasks.ts";
import { startApi } from "./api.ts";
import type { ApiApp } from "./api.ts";
import { textSetup } from "./imports.ts";
import { addProject, addTasks } from "./projects.ts";

export interface ExportApp extends ApiApp {
  project: Project;
  /** `good`, which the owner labeled, and `unlabelled`. */
  tasks: [Task, Task];
  /** Asks for an address below the project's, as the owner. */
  ask: (path: string, method?: "get" | "post" | "delete" | "head", body?: object) => Test;
}

export const answer = [{ id: "r1", from_name: "label", to_name: "text", type: "choices", value: { choices: ["pos"] } }];

export const labeled: AnnotationChanges = { result: JSON.stringify(answer), lead_time: 1.5 };

/** The project that Label Studio's exports were recorded with. */
export async function startExport(t: TestContext, settings: Partial<Config> = {}): Promise<ExportApp> {
  const app = await startApi(t, settings);
  const project = await addProject(app, app.owner.user, { title: "My reviews", label_config: textSetup });
  const [good, unlabelled] = await addTasks(app, project, ["good", "unlabelled"]);
  if (!good || !unlabelled) throw new Error("There are no tasks");
  await app.repositories.annotations.create(good.id, app.owner.user.id, labeled);
  return {
    ...app,
    project,
    tasks: [good, unlabelled],
    ask: (path, method = "get", body) => app.owner.script(method, `/api/projects/${project.id}/${path}`, body),
  };
}
