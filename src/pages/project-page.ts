import type { Context, SignedIn } from "../context.ts";
import type { ProjectMember } from "../repositories/accounts/members.ts";
import type { Project } from "../repositories/labeling/projects.ts";

/** The tabs of a project's page, by the last part of their addresses. */
export type ProjectTab = "" | "people" | "import" | "export" | "settings";

/** What every page of a project shows above its tab. */
interface ProjectHead {
  project: Project;
  tab: ProjectTab;
  /** Who created it; undefined for a deleted account. */
  creator: ProjectMember | undefined;
  /** Tasks that the viewer annotated. */
  own_task_number: number;
}

type HeadContext = Pick<Context, "repositories"> & { state: SignedIn };

/** Returns what the head needs, of the people of a project: its creator and the viewer have to be among them. */
export function projectHead(
  ctx: { state: SignedIn },
  project: Project,
  tab: ProjectTab,
  people: ProjectMember[],
): ProjectHead {
  const find = (id: number | null) => people.find(({ user }) => user.id === id);
  return {
    project,
    tab,
    creator: find(project.created_by_id),
    own_task_number: find(ctx.state.user.id)?.progress.tasks ?? 0,
  };
}

/** Loads what the head needs, and further people by their ids. */
export async function loadProjectHead(
  ctx: HeadContext,
  project: Project,
  tab: ProjectTab,
  user_ids: (number | null)[] = [],
): Promise<ProjectHead & { people: Record<number, ProjectMember> }> {
  const ids = [project.created_by_id, ctx.state.user.id, ...user_ids];
  const people = await ctx.repositories.members.listByIdsInProject(project.id, ids);
  return { ...projectHead(ctx, project, tab, people), people: byUserId(people) };
}

export function byUserId<Person extends { user: { id: number } }>(people: Person[]): Record<number, Person> {
  return Object.fromEntries(people.map((person) => [person.user.id, person]));
}
