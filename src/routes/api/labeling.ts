import createError from "http-errors";
import { z } from "zod";

import { draftForm } from "../../forms/labels.ts";
import { setupForm } from "../../forms/project-api.ts";
import { found } from "../../found.ts";
import { essentialDataChanged } from "../../label-config/parsed.ts";
import { problemIn } from "../../label-config/problems.ts";
import { setupOf } from "../../label-config/setup.ts";
import { draftRecord, presentDraft } from "../../presenters/annotation.ts";
import { nextTaskRecord, presentTask } from "../../presenters/task.ts";
import { endpoint, openEndpoint } from "./endpoint.ts";
import type { Resource } from "./endpoint.ts";
import { kept } from "./kept.ts";
import { partsOf } from "./task-parts.ts";

const noProject = "No Project matches the given query.";

/** What a labeling screen asks for: the next task, drafts, and whether a setup can be used. */
export const labeling: Resource[] = [
  {
    path: "/api/projects/:id/next/",
    tag: "Labeling",
    allow: "GET, HEAD, OPTIONS",
    GET: endpoint({
      summary: "Get the task to label next",
      description: "It is the caller's turn from now on: nobody else gets it for half an hour.",
      python: 'requests.get(f"{url}/api/projects/1/next/", headers=headers)',
      answer: nextTaskRecord,
      async handle(ctx, { params }) {
        const { projects, taskLocks, tasks } = ctx.repositories;
        const { user } = ctx.state;
        const project = found(await projects.find(params.id), noProject);
        const none = `There are no tasks for ${user.email}`;
        const turn = found(await taskLocks.next(project, user.id), none);
        const task = found(await tasks.find(turn.task_id), none);
        const { annotations, predictions, drafts, row } = (await partsOf(ctx, [task]))(task);
        const { updated_by } = row(false);
        const queue = project.sampling.replace(" sampling", " queue").replace("Sequential", "Sequence");
        return {
          ...presentTask(task),
          updated_by,
          annotations,
          predictions,
          drafts,
          unique_lock_id: turn.unique_id,
          queue,
        };
      },
    }),
  },
  {
    path: "/api/tasks/:id/drafts",
    tag: "Labeling",
    allow: "GET, POST, HEAD, OPTIONS",
    GET: endpoint({
      summary: "List one's drafts of a task",
      python: 'requests.get(f"{url}/api/tasks/1/drafts", headers=headers)',
      answer: z.array(draftRecord),
      async handle(ctx, { params }) {
        const { user } = ctx.state;
        return (await ctx.repositories.drafts.ofTasks([params.id], user.id)).map((draft) => presentDraft(draft, user));
      },
    }),
    POST: endpoint({
      summary: "Keep a draft",
      python: 'requests.post(f"{url}/api/tasks/1/drafts", headers=headers, json={"result": []})',
      example: { result: [] },
      megabytes: 50,
      body: draftForm,
      status: 201,
      answer: draftRecord,
      async handle(ctx, { params, body, text }) {
        const { user } = ctx.state;
        const task = found(await ctx.repositories.tasks.find(params.id), "No Task matches the given query.");
        const changes = { ...body, result: kept(text, "result", body.result) };
        return presentDraft(await ctx.repositories.drafts.create(task.id, null, user.id, changes), user);
      },
    }),
  },
  {
    path: "/api/projects/validate/",
    tag: "Labeling",
    allow: "POST, OPTIONS",
    POST: openEndpoint({
      summary: "Check a labeling setup",
      python: 'requests.post(f"{url}/api/projects/validate/", json={"label_config": "<View></View>"})',
      example: { label_config: "<View></View>" },
      megabytes: 2,
      body: setupForm,
      status: 204,
      refuse: (errors) => errors,
      refusalRecords: { 400: z.record(z.string(), z.array(z.string())) },
      async handle(_ctx, { body }) {
        const problem = problemIn(body.label_config);
        if (problem) throw createError(400, { body: { label_config: [problem.message] } });
      },
    }),
  },
  {
    path: "/api/projects/:id/validate/",
    tag: "Labeling",
    allow: "GET, POST, HEAD, OPTIONS",
    POST: endpoint({
      summary: "Check a labeling setup for a project",
      python: 'client.projects.validate_label_config(id=1, label_config="<View></View>")',
      example: { label_config: "<View></View>" },
      megabytes: 2,
      body: setupForm,
      answer: z.object({ config_essential_data_has_changed: z.boolean().nullable() }),
      async handle(ctx, { params, body }) {
        const project = found(await ctx.repositories.projects.find(params.id), noProject);
        const problem = problemIn(body.label_config);
        if (problem) throw createError(400, problem.message);
        const config_essential_data_has_changed = essentialDataChanged(
          setupOf(body.label_config).parsed_label_config,
          setupOf(project.label_config).parsed_label_config,
        );
        return { config_essential_data_has_changed };
      },
    }),
  },
];
