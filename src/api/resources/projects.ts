import createError from "http-errors";
import { z } from "zod";

import type { AppContext, SignedIn } from "../../context.ts";
import { includeQuery, projectForm, projectsQuery } from "../bodies/projects.ts";
import { orNotFound } from "../../http/or-not-found.ts";
import { orphansProblem } from "../../label-config/validation/answers-in-use.ts";
import { parseLabelConfig } from "../../label-config/setup.ts";
import { presentCounts, presentProject, projectCounts, projectRecord } from "../../presenters/project.ts";
import type { ProjectRecord } from "../../presenters/project.ts";
import { presentShortUser, shortUser } from "../../presenters/short-user.ts";
import type { Project, ProjectsQuery } from "../../repositories/labeling/projects.ts";
import { loadAnswerUsage } from "../answer-usage.ts";
import { sparseFields } from "../sparse-fields.ts";
import { endpoint } from "../endpoint.ts";
import type { Resource } from "../endpoint.ts";
import { pageOf } from "../pagination.ts";
import { userContext } from "../user-context.ts";

type Asking = Pick<AppContext, "repositories" | "config"> & { state: SignedIn };

const noProject = "No Project matches the given query.";

const someFields = projectRecord.partial();

const counted = projectCounts.extend({ id: z.int() });

function page<Item extends z.ZodType>(item: Item) {
  return z.object({
    count: z.int(),
    next: z.string().nullable(),
    previous: z.string().nullable(),
    results: z.array(item),
  });
}

/** What the team labels; all projects are open to every member. */
export const projects: Resource[] = [
  {
    path: "/api/projects/",
    tag: "Projects",
    allow: "GET, POST, HEAD, OPTIONS",
    GET: endpoint({
      summary: "List projects",
      description: "Pinned ones first, then the newest; 30 a page, at most 100.",
      python: "client.projects.list()",
      query: projectsQuery,
      answer: page(someFields),
      refusals: { 404: "there is no such page" },
      async handle(ctx, { query }) {
        const { items, ...place } = await listed(ctx, query);
        const records = await presentAll(ctx, items);
        return { ...place, results: records.map((record) => sparseFields(record, query.include)) };
      },
    }),
    POST: endpoint({
      summary: "Create a project",
      description: "Nothing is required. The labeling setup is kept as it is sent.",
      python: `client.projects.create(title="Reviews", label_config='<View><Text name="text" value="$text"/></View>')`,
      example: { title: "Reviews" },
      megabytes: 2,
      body: projectForm,
      status: 201,
      answer: projectRecord,
      async handle(ctx, { body }) {
        const { user, organization } = ctx.state;
        const project = await ctx.repositories.projects.create(organization.id, user.id, body);
        // Upstream has not counted yet when it answers.
        const uncounted = Object.fromEntries(Object.keys(projectCounts.shape).map((name) => [name, null]));
        return { ...(await present(ctx, project)), ...uncounted };
      },
    }),
  },
  {
    path: "/api/projects/counts/",
    tag: "Projects",
    allow: "GET, HEAD, OPTIONS",
    GET: endpoint({
      summary: "List the numbers of projects",
      python: "client.projects.list_counts()",
      query: projectsQuery,
      answer: page(counted),
      refusals: { 404: "there is no such page" },
      async handle(ctx, { query }) {
        const { items, ...place } = await listed(ctx, query);
        return { ...place, results: items.map((project) => ({ id: project.id, ...presentCounts(project) })) };
      },
    }),
  },
  {
    path: "/api/projects/:id/",
    tag: "Projects",
    allow: "GET, PUT, PATCH, DELETE, HEAD, OPTIONS",
    GET: endpoint({
      summary: "Get a project",
      python: "client.projects.get(id=1)",
      query: includeQuery,
      answer: someFields,
      async handle(ctx, { params, query }) {
        const project = orNotFound(await ctx.repositories.projects.find(params.id), noProject);
        return sparseFields(await present(ctx, project), query.include);
      },
    }),
    PUT: endpoint({
      summary: "Change a project by PUT",
      description: "As PATCH: what is left out stays.",
      python: 'requests.put(f"{url}/api/projects/1/", headers=headers, json={"title": "Reviews"})',
      example: { title: "Reviews" },
      megabytes: 2,
      body: projectForm,
      answer: projectRecord,
      handle: async (ctx, { params, body }) => change(ctx, params.id, body),
    }),
    PATCH: endpoint({
      summary: "Change a project",
      description: "What is left out stays.",
      python: 'client.projects.update(id=1, title="Reviews")',
      example: { title: "Reviews" },
      megabytes: 2,
      body: projectForm,
      answer: projectRecord,
      handle: async (ctx, { params, body }) => change(ctx, params.id, body),
    }),
    DELETE: endpoint({
      summary: "Delete a project",
      description: "With its tasks, annotations and predictions.",
      python: "client.projects.delete(id=1)",
      status: 204,
      async handle(ctx, { params }) {
        const project = orNotFound(await ctx.repositories.projects.find(params.id), noProject);
        await ctx.repositories.projects.delete(project.id);
        const by = ctx.state.user.id;
        ctx.log.info({ event: "project_deleted", project: project.id, by, ip: ctx.ip }, "project deleted");
      },
    }),
  },
  {
    path: "/api/projects/:id/annotators/",
    tag: "Projects",
    allow: "GET, HEAD, OPTIONS",
    GET: endpoint({
      summary: "List who annotated in a project",
      description: "By id; also who only skipped.",
      python: "client.projects.list_unique_annotators(id=1)",
      answer: z.array(shortUser),
      async handle(ctx, { params }) {
        const project = orNotFound(await ctx.repositories.projects.find(params.id), noProject);
        const around = await userContext(ctx);
        const people = await ctx.repositories.members.listAnnotators(project.id);
        return people.flatMap((member) => presentShortUser(member, around) ?? []);
      },
    }),
  },
];

async function listed(ctx: Parameters<typeof pageOf>[0] & Asking, query: z.output<typeof projectsQuery>) {
  const { projects } = ctx.repositories;
  const matching: ProjectsQuery = { title: query.title, ids: query.ids, pinned: pinned(query.filter) };
  const place = pageOf(ctx, query, await projects.count(matching));
  const { offset, limit, ...shown } = place;
  return { ...shown, items: await projects.list(matching, { order: query.ordering, offset, limit }) };
}

function pinned(filter: string | undefined): boolean | undefined {
  return filter === "pinned_only" ? true : filter === "exclude_pinned" ? false : undefined;
}

async function change(ctx: Asking, id: number, changes: z.output<typeof projectForm>): Promise<ProjectRecord> {
  const { projects } = ctx.repositories;
  const project = orNotFound(await projects.find(id), noProject);
  const { label_config = project.label_config } = changes;
  if (label_config !== project.label_config) {
    const problem = orphansProblem(
      parseLabelConfig(label_config).parsed_label_config,
      await loadAnswerUsage(ctx, project.id),
    );
    if (problem) throw createError(400, "Validation error", { validation_errors: { label_config: [problem] } });
  }
  await projects.update(project.id, changes);
  return present(ctx, orNotFound(await projects.find(id), noProject));
}

async function present(ctx: Asking, project: Project): Promise<ProjectRecord> {
  const [record] = await presentAll(ctx, [project]);
  if (!record) throw createError(404, noProject);
  return record;
}

async function presentAll(ctx: Asking, projects: Project[]): Promise<ProjectRecord[]> {
  const { members, contributions } = ctx.repositories;
  const around = await userContext(ctx);
  const makers = await members.listByIds(projects.map(({ created_by_id }) => created_by_id));
  const ids = projects.map(({ id }) => id);
  const progress = await contributions.findProgress(ctx.state.user.id, ids);
  return projects.map((project) => {
    const maker = makers.find(({ user }) => user.id === project.created_by_id);
    const created_by = presentShortUser(maker, around);
    return presentProject(project, { created_by, progress: progress.get(project.id) });
  });
}
