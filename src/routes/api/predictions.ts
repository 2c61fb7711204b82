import { z } from "zod";

import { predictionChangesForm, predictionForm, predictionsQuery } from "../../forms/labels.ts";
import { found } from "../../found.ts";
import { predictionRecord, presentPrediction } from "../../presenters/annotation.ts";
import type { PredictionChanges } from "../../repositories/predictions.ts";
import { endpoint } from "./endpoint.ts";
import type { Resource } from "./endpoint.ts";
import { kept } from "./kept.ts";

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
      summary: "List the predictions of a task or a project",
      python: "client.predictions.list(task=1)",
      query: predictionsQuery,
      answer: z.array(predictionRecord),
      async handle(ctx, { query }) {
        const { predictions } = ctx.repositories;
        if (query.task !== undefined) return (await predictions.ofTasks([query.task])).map(presentPrediction);
        if (query.project === undefined) return [];
        return (await predictions.ofProject(query.project)).map(presentPrediction);
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
      refusals: { 404: "no such task" },
      async handle(ctx, { body, text }) {
        const made = await ctx.repositories.predictions.create(body.task, changesOf(body, text));
        return presentPrediction(found(made, "No Task matches the given query."));
      },
    }),
  },
  {
    path: "/api/predictions/:id/",
    tag: "Predictions",
    allow: "GET, PATCH, DELETE, HEAD, OPTIONS",
    GET: endpoint({
      summary: "Get a prediction",
      python: "client.predictions.get(id=1)",
      answer: predictionRecord,
      handle: async (ctx, { params }) =>
        presentPrediction(found(await ctx.repositories.predictions.find(params.id), noPrediction)),
    }),
    PATCH: endpoint({
      summary: "Change a prediction",
      description: "What is left out stays.",
      python: "client.predictions.update(id=1, score=0.5)",
      example: { score: 0.5 },
      megabytes: 50,
      body: predictionChangesForm,
      answer: predictionRecord,
      async handle(ctx, { params, body, text }) {
        const { predictions } = ctx.repositories;
        const { id } = found(await predictions.find(params.id), noPrediction);
        await predictions.update(id, changesOf(body, text));
        return presentPrediction(found(await predictions.find(id), noPrediction));
      },
    }),
    DELETE: endpoint({
      summary: "Delete a prediction",
      python: "client.predictions.delete(id=1)",
      status: 204,
      async handle(ctx, { params }) {
        found((await ctx.repositories.predictions.delete(params.id)) || undefined, noPrediction);
      },
    }),
  },
];

function changesOf(
  { score, model_version, ...body }: z.output<typeof predictionChangesForm>,
  text: string | undefined,
): PredictionChanges {
  return {
    score,
    result: kept(text, "result", body.result),
    ...(model_version !== undefined && { model_version: model_version ?? "" }),
  };
}
