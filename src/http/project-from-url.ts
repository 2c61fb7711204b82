import { parseId } from "../common/ids.ts";
import type { Context } from "../context.ts";
import type { Project } from "../repositories/labeling/projects.ts";
import type { Task } from "../repositories/labeling/tasks.ts";
import { orNotFound } from "./or-not-found.ts";

/** Returns the project of the address (`/projects/:id/…`). Throws 404 if there is none. */
export async function findProjectFromUrl({
  repositories,
  params,
}: Pick<Context, "repositories"> & { params: Record<string, string> }): Promise<Project> {
  return orNotFound(await repositories.projects.find(parseId(params.id)));
}

/** Returns a task of the project. Throws 404 if there is none, or if it belongs to another project. */
export async function findProjectTask(
  { repositories }: Pick<Context, "repositories">,
  project: Pick<Project, "id">,
  task_id: number,
): Promise<Task> {
  const task = await repositories.tasks.find(task_id);
  return orNotFound(task?.project_id === project.id ? task : undefined);
}
