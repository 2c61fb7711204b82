import { Readable } from "node:stream";

import createError from "http-errors";
import { z } from "zod";

import type { AppContext } from "../../context.ts";
import { predictionsQuery } from "../bodies/queries.ts";
import { predictionChangesForm, predictionForm } from "../bodies/annotations.ts";
import { orNotFound } from "../../http/or-not-found.ts";
import { predictionRecord, presentPrediction } from "../../presenters/annotation.ts";
import type { Prediction, PredictionChanges } from "../../repositories/labeling/predictions.ts";
import { endpoint } from "../endpoint.ts";
import type { Resource } from "../endpoint.ts";
import { inBatches, presentBatches } from "../batches.ts";
import { jsonArray } from "../json-stream.ts";
import { rawMember } from "../raw-member.ts";

type Asking = Pick<AppContext, "repositories">;

const noPrediction = "No Prediction matches the given query.";

const example = {
  task: 1,
  result: [{ from_name: "label", to_name: "text", type: "choices", value: { choices: ["Positive"] } }],
  score: 0.9,
};

/** What programs say about tasks. */
export const predictions: Resource[] = [
  {
    path: "/api/predictions/",
    tag: "Predictions",
    allow: "GET, POST, HEAD, OPTIONS",
    GET: endpoint({
      summary: "List predictions",
      description: "By id: those of a task, of a project, or all.",
      python: "client.predictions.list(task=1)",
      query: predictionsQuery,
      answer: z.array(predictionRecord),
      async handle(ctx, { query }) {
        const where = await chosen(ctx, query);
        const read = async (last: Prediction | undefined, limit: number) =>
          ctx.repositories.predictions.listAfter(where, last?.id ?? 0, limit);
        return Readable.from(jsonArray(presentBatches(inBatches(read), async (rows) => rows.map(presentPrediction))));
      },
    }),
    POST: endpoint({
      summary: "Create a prediction",
      description: "The result is kept as it is sent.",
      python: "client.predictions.create(task=1, result=[], score=0.9)",
      example,
      megabytes: 50,
      body: predictionForm,
      status: 201,
      answer: predictionRecord,
      async handle(ctx, { body, text }) {
        const made = await ctx.repositories.predictions.create(body.task, changesOf(body, text));
        if (!made) throw refused("task", `Invalid pk "${body.task}" - object does not exist.`);
        return presentPrediction(made);
      },
    }),
  },
  {
    path: "/api/predictions/:id/",
    tag: "Predictions",
    allow: "GET, PUT, PATCH, DELETE, HEAD, OPTIONS",
    GET: endpoint({
      summary: "Get a prediction",
      python: "client.predictions.get(id=1)",
      answer: predictionRecord,
      handle: async (ctx, { params }) =>
        presentPrediction(orNotFound(await ctx.repositories.predictions.find(params.id), noPrediction)),
    }),
    PUT: endpoint({
      summary: "Change a prediction by PUT",
      description: "As PATCH: what is left out stays.",
      python: 'requests.put(f"{url}/api/predictions/1/", headers=headers, json={"score": 0.5})',
      example: { score: 0.5 },
      megabytes: 50,
      body: predictionChangesForm,
      answer: predictionRecord,
      handle: async (ctx, { params, body, text }) => change(ctx, params.id, changesOf(body, text)),
    }),
    PATCH: endpoint({
      summary: "Change a prediction",
      description: "What is left out stays.",
      python: "client.predictions.update(id=1, score=0.5)",
      example: { score: 0.5 },
      megabytes: 50,
      body: predictionChangesForm,
      answer: predictionRecord,
      handle: async (ctx, { params, body, text }) => change(ctx, params.id, changesOf(body, text)),
    }),
    DELETE: endpoint({
      summary: "Delete a prediction",
      python: "client.predictions.delete(id=1)",
      status: 204,
      async handle(ctx, { params }) {
        orNotFound((await ctx.repositories.predictions.delete(params.id)) || undefined, noPrediction);
      },
    }),
  },
];

/** What a list is about; refuses ids that nothing has. */
async function chosen(
  { repositories: { tasks, projects } }: Asking,
  { task, project, task__project }: z.output<typeof predictionsQuery>,
): Promise<{ task_id?: number; project_id?: number }> {
  const noChoice = "Select a valid choice. That choice is not one of the available choices.";
  if (task !== undefined && !(await tasks.find(task))) throw refused("task", noChoice);
  for (const [field, id] of Object.entries({ project, task__project }))
    if (id !== undefined && !(await projects.find(id))) throw refused(field, noChoice);
  const project_id = project ?? task__project;
  return { ...(task !== undefined && { task_id: task }), ...(project_id !== undefined && { project_id }) };
}

async function change({ repositories: { predictions } }: Asking, id: number, changes: PredictionChanges) {
  const prediction = orNotFound(await predictions.find(id), noPrediction);
  await predictions.update(prediction.id, changes);
  return presentPrediction(orNotFound(await predictions.find(id), noPrediction));
}

function refused(field: string, problem: string): Error {
  return createError(400, "Validation error", { validation_errors: { [field]: [problem] } });
}

function changesOf(
  { result, neighbors, model_version, ...changes }: z.output<typeof predictionChangesForm>,
  text: string | undefined,
): PredictionChanges {
  return {
    ...changes,
    result: rawMember(text, "result", result),
    neighbors: rawMember(text, "neighbors", neighbors),
    ...(model_version !== undefined && { model_version: model_version ?? "" }),
  };
}
