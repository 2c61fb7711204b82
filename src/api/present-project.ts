import { orNotFound } from "../http/or-not-found.ts";
import { presentProject } from "../presenters/project.ts";
import type { ProjectRecord } from "../presenters/project.ts";
import { presentShortUser } from "../presenters/short-user.ts";
import type { Project } from "../repositories/labeling/projects.ts";
import type { RequestContext } from "./endpoint.ts";
import { noMatch } from "./find-records.ts";
import { userContextOf } from "./user-context.ts";

/** A project as the caller sees it. */
export async function presentProjectOf(ctx: RequestContext, project: Project): Promise<ProjectRecord> {
  const [record] = await presentProjects(ctx, [project]);
  return orNotFound(record, noMatch("Project"));
}

/** Projects as the caller sees them, by one query each for what belongs to all of them. */
export async function presentProjects(ctx: RequestContext, projects: Project[]): Promise<ProjectRecord[]> {
  const { members, contributions } = ctx.repositories;
  const userContext = userContextOf(ctx);
  const creators = await members.listByIds(projects.map(({ created_by_id }) => created_by_id));
  const ids = projects.map(({ id }) => id);
  const progress = await contributions.findProgress(ctx.state.user.id, ids);
  return projects.map((project) => {
    const creator = creators.find(({ user }) => user.id === project.created_by_id);
    const created_by = presentShortUser(creator, userContext);
    return presentProject(project, { created_by, progress: progress.get(project.id) });
  });
}
