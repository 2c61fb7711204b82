import type { AppContext } from "../context.ts";
import { orNotFound } from "../http/or-not-found.ts";
import type { Member } from "../repositories/accounts/members.ts";
import type { Project } from "../repositories/labeling/projects.ts";
import type { View } from "../repositories/labeling/views.ts";
import type { Task } from "../repositories/labeling/tasks.ts";

type Context = Pick<AppContext, "repositories">;

/** The message of a 404, as Django says it; `model` is Label Studio's name of the record. */
export function noMatch(model: string): string {
  return `No ${model} matches the given query.`;
}

/** Returns the project with this id, or throws a 404. */
export async function findProject({ repositories }: Context, id: number): Promise<Project> {
  return orNotFound(await repositories.projects.find(id), noMatch("Project"));
}

/** Returns the task with this id, or throws a 404. */
export async function findTask({ repositories }: Context, id: number): Promise<Task> {
  return orNotFound(await repositories.tasks.find(id), noMatch("Task"));
}

/** Returns the saved view with this id, or throws a 404. */
export async function findView({ repositories }: Context, id: number): Promise<View> {
  return orNotFound(await repositories.views.find(id), noMatch("View"));
}

/** Returns who is or was a member under this user id, or throws a 404; `model` is what Label Studio calls it there. */
export async function findMember({ repositories }: Context, user_id: number, model = "User"): Promise<Member> {
  return orNotFound(await repositories.members.find(user_id), noMatch(model));
}
