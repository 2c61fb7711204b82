import { setTimeout } from "node:timers/promises";

import { z } from "zod";

import { now } from "../../common/timestamps.ts";
import type { AppContext, SignedIn } from "../../context.ts";
import type { StartedExport } from "../../exports/exporter.ts";
import { newExportForm } from "../bodies/exports.ts";
import { orNotFound } from "../../http/or-not-found.ts";
import { projectTitle } from "../../rendering/display-names.ts";
import { exportRecord, newExportRecord, presentExport, presentNewExport } from "../../presenters/export.ts";
import { presentShortUser } from "../../presenters/short-user.ts";
import type { Export } from "../../repositories/jobs/exports.ts";
import type { Project } from "../../repositories/labeling/projects.ts";
import { endpoint } from "../endpoint.ts";
import type { Resource } from "../endpoint.ts";
import { userContext } from "../user-context.ts";

type Asking = Pick<AppContext, "repositories" | "config"> & { state: SignedIn };

const noProject = "No Project matches the given query.";
const noExport = "No Export matches the given query.";

/** How long a request waits for a file to be ready, in milliseconds: most are, and need not be asked for again. */
const patience = 2000;

/** Files of a project as it was at a moment, made in the background and kept until they are deleted. */
export const exportSnapshots: Resource[] = [
  {
    path: "/api/projects/:id/exports/",
    tag: "Exports",
    allow: "GET, POST, HEAD, OPTIONS",
    GET: endpoint({
      summary: "List the snapshots of a project",
      description: "The last hundred, the newest first.",
      python: "client.projects.exports.list(id=1)",
      answer: z.array(exportRecord),
      async handle(ctx, { params }) {
        const project = orNotFound(await ctx.repositories.projects.find(params.id), noProject);
        const listed = await ctx.repositories.exports.list(project.id);
        const parts = await partsOf(ctx, listed);
        return listed.map((each) => presentExport(each, parts(each)));
      },
    }),
    POST: endpoint({
      summary: "Make a snapshot",
      description:
        "In the background: it can be downloaded once its `status` is `completed`. All tasks, unless they are filtered.",
      python: 'client.projects.exports.create(id=1, title="Before the holidays")',
      example: { title: "Before the holidays" },
      body: newExportForm,
      status: 201,
      answer: newExportRecord,
      async handle(ctx, { params, body: { title, ...options } }) {
        const project = orNotFound(await ctx.repositories.projects.find(params.id), noProject);
        const begun = await ctx.exporter.start({
          project_id: project.id,
          created_by_id: ctx.state.user.id,
          title: title || usualTitle(project),
          options: { ...options, drafts_of: ctx.state.user.id },
        });
        await aMoment(begun);
        const made = orNotFound(await ctx.repositories.exports.find(begun.id), noExport);
        return presentNewExport(made, (await partsOf(ctx, [made]))(made));
      },
    }),
  },
  {
    path: "/api/projects/:id/exports/:export_pk",
    tag: "Exports",
    allow: "GET, DELETE, HEAD, OPTIONS",
    GET: endpoint({
      summary: "Get a snapshot",
      python: "client.projects.exports.get(id=1, export_pk=1)",
      answer: exportRecord,
      async handle(ctx, { params }) {
        const { snapshot } = await snapshotAsked(ctx, params);
        return presentExport(snapshot, (await partsOf(ctx, [snapshot]))(snapshot));
      },
    }),
    DELETE: endpoint({
      summary: "Delete a snapshot",
      description: "With its files.",
      python: "client.projects.exports.delete(id=1, export_pk=1)",
      status: 204,
      handle: async (ctx, { params }) =>
        ctx.repositories.exports.delete((await snapshotAsked(ctx, params)).snapshot.id),
    }),
  },
];

/** The snapshot that an address names, and its project; 404 where it is none of that project's. */
export async function snapshotAsked(
  { repositories }: Pick<AppContext, "repositories">,
  { id, export_pk }: { id: number; export_pk: number },
): Promise<{ project: Project; snapshot: Export }> {
  const project = orNotFound(await repositories.projects.find(id), noProject);
  const snapshot = await repositories.exports.find(export_pk);
  return { project, snapshot: orNotFound(snapshot?.project_id === id ? snapshot : undefined, noExport) };
}

/** What stands in records of snapshots, asked for once for all of them. */
async function partsOf(ctx: Asking, listed: Export[]) {
  const around = await userContext(ctx);
  const makers = await ctx.repositories.members.listByIds(listed.map(({ created_by_id }) => created_by_id));
  const conversions = await ctx.repositories.conversions.listByExports(listed.map(({ id }) => id));
  return ({ id, created_by_id }: Export) => ({
    created_by: presentShortUser(
      makers.find(({ user }) => user.id === created_by_id),
      around,
    ),
    conversions: conversions.filter(({ export_id }) => export_id === id),
  });
}

/** `My-reviews-at-2026-11-22-10-49`, as upstream. */
function usualTitle(project: Project): string {
  return `${projectTitle(project).replaceAll(" ", "-")}-at-${now().slice(0, 16).replaceAll(/[T:]/g, "-")}`;
}

/** Waits for work in the background, but not for long. */
export async function aMoment({ finished }: StartedExport): Promise<void> {
  await Promise.race([finished, setTimeout(patience, undefined, { ref: false })]);
}
