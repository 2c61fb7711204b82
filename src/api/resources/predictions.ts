import * as z from "zod";

import { limits } from "../../common/limits.ts";
import { orNotFound } from "../../http/or-not-found.ts";
import { parseLabelConfig } from "../../label-config/parse-label-config.ts";
import { resultEntryError } from "../../label-config/results/result-limits.ts";
import { expandShortResult } from "../../label-config/results/short-result.ts";
import { predictionRecord, presentPrediction } from "../../presenters/annotation.ts";
import type { Prediction, PredictionChanges } from "../../repositories/labeling/predictions.ts";
import { readBatches, mapBatches } from "../keyset-pagination.ts";
import { predictionBody, predictionChangesBody, predictionsQuery } from "../bodies/predictions.ts";
import { rawMember } from "../bodies/raw-json.ts";
import { endpoint, putLikePatch } from "../endpoint.ts";
import type { RequestContext, Resource } from "../endpoint.ts";
import { unknownKeyMessage, validationError } from "../errors.ts";
import { noMatch } from "../find-records.ts";
import { jsonArray } from "../json-stream.ts";

const example = {
  task: 1,
  result: [{ from_name: "label", to_name: "text", type: "choices", value: { choices: ["Positive"] } }],
  score: 0.9,
};

const updatePrediction = endpoint({
  summary: "Change a prediction",
  description: "Fields left out stay as they are.",
  python: "client.predictions.update(id=1, score=0.5)",
  example: { score: 0.5 },
  maxMegabytes: limits.recordMegabytes,
  body: predictionChangesBody,
  response: predictionRecord,
  async handle(ctx, { params, body, rawBody }) {
    const prediction = await findPrediction(ctx, params.id);
    const changes = predictionChanges(body, rawBody);
    await ctx.repositories.predictions.update(prediction.id, changes, ctx.state.user.id);
    return presentPrediction(await findPrediction(ctx, params.id));
  },
});

/** Predictions for tasks, created by programs. */
export const predictions: Resource[] = [
  {
    path: "/api/predictions/",
    tag: "Predictions",
    GET: endpoint({
      summary: "List predictions",
      description: "Of a task, a project, or all; sorted by id.",
      python: "client.predictions.list(task=1)",
      query: predictionsQuery,
      response: z.array(predictionRecord),
      async handle(ctx, { query }) {
        const filter = await predictionFilter(ctx, query);
        const read = async (last: Prediction | undefined, limit: number) =>
          ctx.repositories.predictions.listAfter(filter, last?.id ?? 0, limit);
        return jsonArray(mapBatches(readBatches(read), async (rows) => rows.map(presentPrediction)));
      },
    }),
    POST: endpoint({
      summary: "Create a prediction",
      description:
        "A result that is a list is kept as sent; another one belongs to the first control that it can answer.",
      python: "client.predictions.create(task=1, result=[], score=0.9)",
      example,
      maxMegabytes: limits.recordMegabytes,
      body: predictionBody,
      takesIdempotencyKey: true,
      status: 201,
      response: predictionRecord,
      async handle(ctx, { body, rawBody }) {
        const { result, ...changes } = body;
        if (Array.isArray(result.value) && resultEntryError(result.value))
          throw validationError({ non_field_errors: ["Each item in prediction result should be dict"] });
        const values = {
          ...predictionChanges(changes, rawBody),
          result: Array.isArray(result.value)
            ? rawMember(rawBody, "result", result)
            : JSON.stringify(await wholeResult(ctx, body.task, result.value)),
        };
        const created = await ctx.repositories.predictions.create(body.task, values, ctx.state.user.id);
        if (!created) throw validationError({ task: [unknownKeyMessage(body.task)] });
        return presentPrediction(created);
      },
    }),
  },
  {
    path: "/api/predictions/:id/",
    tag: "Predictions",
    GET: endpoint({
      summary: "Get a prediction",
      python: "client.predictions.get(id=1)",
      response: predictionRecord,
      handle: async (ctx, { params }) => presentPrediction(await findPrediction(ctx, params.id)),
    }),
    PUT: putLikePatch(
      updatePrediction,
      'requests.put(f"{url}/api/predictions/1/", headers=headers, json={"score": 0.5})',
    ),
    PATCH: updatePrediction,
    DELETE: endpoint({
      summary: "Delete a prediction",
      python: "client.predictions.delete(id=1)",
      status: 204,
      async handle(ctx, { params }) {
        const { predictions } = ctx.repositories;
        orNotFound((await predictions.delete(params.id, ctx.state.user.id)) || undefined, noMatch("Prediction"));
      },
    }),
  },
];

/** Returns the filter of a list, or throws a 400 for an id that no record has. */
async function predictionFilter(
  { repositories: { tasks, projects } }: Pick<RequestContext, "repositories">,
  { task, project, task__project }: z.output<typeof predictionsQuery>,
): Promise<{ task_id?: number; project_id?: number }> {
  const invalidChoice = "Select a valid choice. That choice is not one of the available choices.";
  if (task !== undefined && !(await tasks.find(task))) throw validationError({ task: [invalidChoice] });
  for (const [field, id] of Object.entries({ project, task__project }))
    if (id !== undefined && !(await projects.find(id))) throw validationError({ [field]: [invalidChoice] });
  const project_id = project ?? task__project;
  return { ...(task !== undefined && { task_id: task }), ...(project_id !== undefined && { project_id }) };
}

/** The region that a result in short stands for. Throws a 400 where the setup of the task's project has no control for it. */
async function wholeResult(
  { repositories: { tasks, projects } }: Pick<RequestContext, "repositories">,
  task_id: number,
  value: unknown,
): Promise<unknown[]> {
  const task = await tasks.find(task_id);
  const project = task && (await projects.find(task.project_id));
  if (!project) throw validationError({ task: [unknownKeyMessage(task_id)] });
  const result = expandShortResult(value, parseLabelConfig(project.label_config).parsed_label_config);
  if (result) return result;
  throw validationError({ result: ["No control of the labeling setup can have this answer. Send a list of regions."] });
}

async function findPrediction(ctx: Pick<RequestContext, "repositories">, id: number): Promise<Prediction> {
  return orNotFound(await ctx.repositories.predictions.find(id), noMatch("Prediction"));
}

function predictionChanges(
  { result, neighbors, model_version, ...changes }: z.output<typeof predictionChangesBody>,
  text: string | undefined,
): PredictionChanges {
  return {
    ...changes,
    result: rawMember(text, "result", result),
    neighbors: rawMember(text, "neighbors", neighbors),
    ...(model_version !== undefined && { model_version: model_version ?? "" }),
  };
}
