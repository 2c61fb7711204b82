import { startOfWeek, today } from "../common/timestamps.ts";
import type { Context, SignedIn } from "../context.ts";
import { buildWeekChart } from "../rendering/week-chart.ts";
import { taskPreview } from "../rendering/task-preview.ts";
import { isNamed } from "../repositories/accounts/organizations.ts";
import type { Organization } from "../repositories/accounts/organizations.ts";
import type { User } from "../repositories/accounts/user-columns.ts";
import type { RecentProject } from "../repositories/labeling/contributions.ts";
import { roleOf } from "../security/permissions.ts";

type HomeContext = Pick<Context, "repositories" | "render"> & { state: SignedIn };

/** Projects that are read; a user who labels more than these at once finds the others in the list of projects. */
const projectLimit = 20;
const shownProjects = 5;
const shownPeople = 5;

/** Renders Home: the next task, one's projects and week, and who was here lately; or the first steps on an empty server. */
export async function renderHome(ctx: HomeContext, form: object = {}): Promise<void> {
  const { repositories, state } = ctx;
  const { user, organization } = state;
  const projects = await repositories.contributions.listRecent(user.id, projectLimit);
  const steps = firstSteps(state, projects);
  if (steps) return ctx.render("home/first", { steps, ...form });
  const day = today();
  const hero = heroOf(projects);
  const others = projects.filter((project) => project !== hero.project);
  const own = others.filter(({ is_own }) => is_own);
  ctx.render("home/show", {
    hero: { ...hero, next: hero.project && (await findNext(ctx, hero.project)) },
    has_own: own.length > 0,
    projects: (own.length ? own : others).slice(0, shownProjects),
    project_count:
      projects.length < projectLimit ? projects.length : await repositories.projects.count({ archived: false }),
    week: buildWeekChart(await repositories.contributions.listDays(user.id, startOfWeek(day)), day),
    people: await lastActive(ctx, organization),
    ...form,
  });
}

/** What comes first: the project that the user labeled last and can go on with, or where to go when that is all done. */
interface Hero {
  kind: "continue" | "done" | "start" | "none";
  project: RecentProject | undefined;
}

function heroOf(projects: RecentProject[]): Hero {
  const labeled = projects.filter(({ own_task_number, last_at }) => own_task_number > 0 || last_at !== "");
  const isLeft = ({ left_for_user }: RecentProject) => left_for_user > 0;
  const project = labeled.find(isLeft) ?? projects.find(isLeft);
  if (labeled.some(isLeft)) return { kind: "continue", project };
  if (labeled.length) return { kind: "done", project };
  return { kind: project ? "start" : "none", project };
}

/** The next task in a line; empty where it is not known before it is assigned. */
async function findNext({ repositories, state }: HomeContext, project: RecentProject): Promise<string> {
  const task = await repositories.taskAssignments.peekNext(project, state.user.id);
  return task ? taskPreview(task.data) : "";
}

async function lastActive({ repositories }: HomeContext, { member_count }: Organization): Promise<User[]> {
  if (member_count === 1) return [];
  const query = { search: "", sort: "last_activity" as const, descending: true, limit: shownPeople };
  const { people } = await repositories.people.list(query);
  return people.filter(({ last_seen_at }) => last_seen_at);
}

/** The steps of an owner before anybody can label, each with whether it is done; undefined once there is something to label. */
interface FirstSteps {
  is_named: boolean;
  /** A project, if there is one: tasks are missing in all of them. */
  project: RecentProject | undefined;
  is_team: boolean;
}

function firstSteps({ user, organization }: SignedIn, projects: RecentProject[]): FirstSteps | undefined {
  const steps = {
    is_named: isNamed(organization),
    project: projects[0],
    is_team: organization.member_count > 1,
  };
  const isBegun = projects.some(({ task_number }) => task_number > 0);
  const isDone = steps.is_named && steps.project !== undefined && steps.is_team;
  return roleOf(user, organization) === "Owner" && !isBegun && !isDone ? steps : undefined;
}
