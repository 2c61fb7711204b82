import * as z from "zod";

import { limits } from "../../common/limits.ts";
import { parseLabelConfig } from "../../label-config/parse-label-config.ts";
import { countAnswers, incompatibleAnswersError } from "../../label-config/validation/answers-in-use.ts";
import { presentCounts, projectCounts, projectRecord } from "../../presenters/project.ts";
import { presentShortUser, shortUserRecord } from "../../presenters/short-user.ts";
import type { Project, ProjectsQuery } from "../../repositories/labeling/projects.ts";
import { includeQuery, projectBody, projectsQuery } from "../bodies/projects.ts";
import { endpoint, putLikePatch } from "../endpoint.ts";
import type { RequestContext, Resource } from "../endpoint.ts";
import { validationError } from "../errors.ts";
import { findProject } from "../find-records.ts";
import { paginate } from "../pagination.ts";
import { presentProjectOf, presentProjects } from "../present-project.ts";
import { sparseFields } from "../sparse-fields.ts";
import { userContextOf } from "../user-context.ts";

const sparseProject = projectRecord.partial();

const projectCountsRecord = projectCounts.extend({ id: z.int() });

function pageRecord<Item extends z.ZodType>(item: Item) {
  return z.object({
    count: z.int(),
    next: z.string().nullable(),
    previous: z.string().nullable(),
    results: z.array(item),
  });
}

const updateProject = endpoint({
  summary: "Change a project",
  description: "Fields left out stay as they are.",
  python: 'client.projects.update(id=1, title="Reviews")',
  example: { title: "Reviews" },
  maxMegabytes: limits.labelConfigMegabytes,
  body: projectBody,
  response: projectRecord,
  async handle(ctx, { params, body }) {
    const project = await findProject(ctx, params.id);
    await requireFittingLabelConfig(ctx, project, body.label_config);
    await ctx.repositories.projects.update(project.id, body);
    return presentProjectOf(ctx, await findProject(ctx, params.id));
  },
});

/** Projects; every member may do everything with them. */
export const projects: Resource[] = [
  {
    path: "/api/projects/",
    tag: "Projects",
    GET: endpoint({
      summary: "List projects",
      description: "Pinned ones first, then the newest; 30 per page, at most 100.",
      python: "client.projects.list()",
      query: projectsQuery,
      response: pageRecord(sparseProject),
      errors: { 404: "no such page" },
      async handle(ctx, { query }) {
        const { items, ...page } = await listProjects(ctx, query);
        const records = await presentProjects(ctx, items);
        return { ...page, results: records.map((record) => sparseFields(record, query.include)) };
      },
    }),
    POST: endpoint({
      summary: "Create a project",
      description: "Nothing is required. The labeling setup is kept as sent.",
      python: `client.projects.create(title="Reviews", label_config='<View><Text name="text" value="$text"/></View>')`,
      example: { title: "Reviews" },
      maxMegabytes: limits.labelConfigMegabytes,
      body: projectBody,
      takesIdempotencyKey: true,
      status: 201,
      response: projectRecord,
      async handle(ctx, { body }) {
        const { user, organization } = ctx.state;
        const project = await ctx.repositories.projects.create(organization.id, user.id, body);
        // Label Studio responds before it has counted.
        const uncounted = Object.fromEntries(Object.keys(projectCounts.shape).map((name) => [name, null]));
        return { ...(await presentProjectOf(ctx, project)), ...uncounted };
      },
    }),
  },
  {
    path: "/api/projects/counts/",
    tag: "Projects",
    GET: endpoint({
      summary: "List the counts of projects",
      python: "client.projects.list_counts()",
      query: projectsQuery,
      response: pageRecord(projectCountsRecord.partial()),
      errors: { 404: "no such page" },
      async handle(ctx, { query }) {
        const { items, ...page } = await listProjects(ctx, query);
        const counts = items.map((project) => ({ id: project.id, ...presentCounts(project) }));
        return { ...page, results: counts.map((record) => sparseFields(record, query.include)) };
      },
    }),
  },
  {
    path: "/api/projects/:id/",
    tag: "Projects",
    GET: endpoint({
      summary: "Get a project",
      python: "client.projects.get(id=1)",
      query: includeQuery,
      response: sparseProject,
      async handle(ctx, { params, query }) {
        const project = await findProject(ctx, params.id);
        return sparseFields(await presentProjectOf(ctx, project), query.include);
      },
    }),
    PUT: putLikePatch(
      updateProject,
      'requests.put(f"{url}/api/projects/1/", headers=headers, json={"title": "Reviews"})',
    ),
    PATCH: updateProject,
    DELETE: endpoint({
      summary: "Delete a project",
      description: "With its tasks, annotations and predictions.",
      python: "client.projects.delete(id=1)",
      status: 204,
      async handle(ctx, { params }) {
        const project = await findProject(ctx, params.id);
        await ctx.projectDeleter.start(project.id);
        const by = ctx.state.user.id;
        ctx.log.info({ event: "project_deleted", project: project.id, by, ip: ctx.ip }, "project deleted");
      },
    }),
  },
  {
    path: "/api/projects/:id/annotators/",
    tag: "Projects",
    GET: endpoint({
      summary: "List who annotated in a project",
      description: "Sorted by id; includes people who only skipped.",
      python: "client.projects.list_unique_annotators(id=1)",
      response: z.array(shortUserRecord),
      async handle(ctx, { params }) {
        const project = await findProject(ctx, params.id);
        const userContext = userContextOf(ctx);
        const annotators = await ctx.repositories.members.listAnnotators(project.id);
        return annotators.flatMap((member) => presentShortUser(member, userContext) ?? []);
      },
    }),
  },
];

async function listProjects(
  ctx: Parameters<typeof paginate>[0] & RequestContext,
  query: z.output<typeof projectsQuery>,
) {
  const { projects } = ctx.repositories;
  const filter: ProjectsQuery = { title: query.title, ids: query.ids, pinned: pinned(query.filter) };
  const { offset, limit, ...page } = paginate(ctx, query, await projects.count(filter));
  return { ...page, items: await projects.list(filter, { order: query.ordering, offset, limit }) };
}

function pinned(filter: string | undefined): boolean | undefined {
  return filter === "pinned_only" ? true : filter === "exclude_pinned" ? false : undefined;
}

/** Throws a 400 if annotations use a tag that a new label config no longer has. */
async function requireFittingLabelConfig(
  ctx: RequestContext,
  project: Project,
  label_config: string | undefined,
): Promise<void> {
  if (label_config === undefined || label_config === project.label_config) return;
  const { parsed_label_config } = parseLabelConfig(label_config);
  const error = await incompatibleAnswersError(
    parsed_label_config,
    await countAnswers(ctx.repositories.annotations.iterateResults(project.id)),
  );
  if (error) throw validationError({ label_config: [error] });
}
