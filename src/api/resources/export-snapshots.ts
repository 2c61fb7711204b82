import * as z from "zod";

import { settleWithin } from "../../common/durations.ts";
import { now } from "../../common/timestamps.ts";
import { orNotFound } from "../../http/or-not-found.ts";
import { exportRecord, newExportRecord, presentExport, presentNewExport } from "../../presenters/export.ts";
import { presentShortUser } from "../../presenters/short-user.ts";
import { projectTitle } from "../../rendering/display-names.ts";
import type { Export } from "../../repositories/jobs/exports.ts";
import type { Project } from "../../repositories/labeling/projects.ts";
import type { TaskChoice } from "../../repositories/labeling/task-columns.ts";
import { newExportBody } from "../bodies/exports.ts";
import { choiceOfView } from "../chosen-tasks.ts";
import { endpoint } from "../endpoint.ts";
import type { RequestContext, Resource } from "../endpoint.ts";
import { validationError } from "../errors.ts";
import { findProject, noMatch } from "../find-records.ts";
import { userContextOf } from "../user-context.ts";

const noExport = noMatch("Export");

/** How long a request waits for its job, in milliseconds: most end in that time, so that clients need not poll. */
export const maxJobWait = 2000;

/** Snapshots of a project, created in the background and stored until they are deleted. */
export const exportSnapshots: Resource[] = [
  {
    path: "/api/projects/:id/exports/",
    tag: "Exports",
    GET: endpoint({
      summary: "List the snapshots of a project",
      description: "The last hundred, newest first.",
      python: "client.projects.exports.list(id=1)",
      response: z.array(exportRecord),
      async handle(ctx, { params }) {
        const project = await findProject(ctx, params.id);
        const snapshots = await ctx.repositories.exports.list(project.id);
        const relations = await loadRelations(ctx, snapshots);
        return snapshots.map((snapshot) => presentExport(snapshot, relations(snapshot)));
      },
    }),
    POST: endpoint({
      summary: "Create a snapshot",
      description:
        "In the background: it can be downloaded once its `status` is `completed`. All tasks, unless they are filtered.",
      python: 'client.projects.exports.create(id=1, title="Before the holidays")',
      example: { title: "Before the holidays" },
      body: newExportBody,
      status: 201,
      response: newExportRecord,
      async handle(ctx, { params, body: { title, ...options } }) {
        const project = await findProject(ctx, params.id);
        const view = options.task_filter_options?.view;
        const choice = typeof view === "number" ? await choiceOfSnapshot(ctx, view, project) : undefined;
        const user_id = ctx.state.user.id;
        const job = await ctx.exporter.start({
          project_id: project.id,
          created_by_id: user_id,
          title: title || defaultTitle(project),
          options: { ...options, ...(choice && { choice, chosen_by: user_id }), drafts_of: user_id },
        });
        await settleWithin(maxJobWait, job.finished);
        const snapshot = orNotFound(await ctx.repositories.exports.find(job.id), noExport);
        return presentNewExport(snapshot, (await loadRelations(ctx, [snapshot]))(snapshot));
      },
    }),
  },
  {
    path: "/api/projects/:id/exports/:export_pk",
    tag: "Exports",
    GET: endpoint({
      summary: "Get a snapshot",
      python: "client.projects.exports.get(id=1, export_pk=1)",
      response: exportRecord,
      async handle(ctx, { params }) {
        const { snapshot } = await findSnapshot(ctx, params);
        return presentExport(snapshot, (await loadRelations(ctx, [snapshot]))(snapshot));
      },
    }),
    DELETE: endpoint({
      summary: "Delete a snapshot",
      description: "With its files.",
      python: "client.projects.exports.delete(id=1, export_pk=1)",
      status: 204,
      handle: async (ctx, { params }) => ctx.repositories.exports.delete((await findSnapshot(ctx, params)).snapshot.id),
    }),
  },
];

/** The choice of a view that a snapshot shall have; as it is now, so that the view may change or go meanwhile. */
async function choiceOfSnapshot(
  { repositories }: Pick<RequestContext, "repositories">,
  id: number,
  project: Project,
): Promise<TaskChoice> {
  const view = await repositories.views.find(id);
  if (view?.project_id !== project.id)
    throw validationError({ task_filter_options: [`view: The project has no view ${id}.`] });
  return choiceOfView(view);
}

/** Returns a project and one of its snapshots, or throws a 404. */
export async function findSnapshot(
  ctx: Pick<RequestContext, "repositories">,
  { id, export_pk }: { id: number; export_pk: number },
): Promise<{ project: Project; snapshot: Export }> {
  const project = await findProject(ctx, id);
  const snapshot = await ctx.repositories.exports.find(export_pk);
  return { project, snapshot: orNotFound(snapshot?.project_id === id ? snapshot : undefined, noExport) };
}

/** Loads creators and conversions, by one query each for all snapshots. Returns a function that picks those of one. */
async function loadRelations(ctx: RequestContext, snapshots: Export[]) {
  const userContext = userContextOf(ctx);
  const creators = await ctx.repositories.members.listByIds(snapshots.map(({ created_by_id }) => created_by_id));
  const conversions = await ctx.repositories.exportConversions.listByExports(snapshots.map(({ id }) => id));
  return ({ id, created_by_id }: Export) => ({
    created_by: presentShortUser(
      creators.find(({ user }) => user.id === created_by_id),
      userContext,
    ),
    conversions: conversions.filter(({ export_id }) => export_id === id),
  });
}

/** `My-reviews-at-2026-11-22-10-49`, as in Label Studio. */
function defaultTitle(project: Project): string {
  return `${projectTitle(project).replaceAll(" ", "-")}-at-${now().slice(0, 16).replaceAll(/[T:]/g, "-")}`;
}
