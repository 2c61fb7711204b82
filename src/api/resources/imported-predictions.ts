import createError from "http-errors";
import { z } from "zod";

import { orNotFound } from "../../http/or-not-found.ts";
import { parsePredictionRow } from "../../imports/prediction-row.ts";
import { rawElements } from "../../common/raw-json.ts";
import { parseLabelConfig } from "../../label-config/setup.ts";
import { readBody } from "../read-body.ts";
import { UnknownTasksError } from "../../repositories/labeling/predictions.ts";
import { endpoint } from "../endpoint.ts";
import type { Resource } from "../endpoint.ts";

const megabytes = 20;

/** As many problems as upstream tells of tasks. */
const shownProblems = 100;

const listed = z.looseObject({ task: z.int(), result: z.unknown() });

/** Predictions of many tasks at once. */
export const importedPredictions: Resource[] = [
  {
    path: "/api/projects/:id/import/predictions",
    tag: "Predictions",
    allow: "POST, OPTIONS",
    POST: endpoint({
      summary: "Import predictions",
      description: "A list, up to 20 MB. Each names a task of the project. All or nothing.",
      python: 'client.projects.import_predictions(id=1, request=[{"task": 1, "result": [], "score": 0.9}])',
      reads: { "application/json": z.array(listed) },
      example: [{ task: 1, result: [], score: 0.9 }],
      status: 201,
      answer: z.object({ created: z.int() }),
      async handle(ctx, { params }) {
        const project = orNotFound(
          await ctx.repositories.projects.find(params.id),
          "No Project matches the given query.",
        );
        const { text = "", value } = await readBody(ctx, megabytes);
        if (!Array.isArray(value)) throw refused(["Send a list of predictions."]);
        const { parsed_label_config } = parseLabelConfig(project.label_config);
        const items = rawElements(text).map((item) => parsePredictionRow(item, parsed_label_config));
        const problems = items.flatMap((item) => (item.ok ? [] : [item.error]));
        if (problems.length) throw refused(problems);
        const rows = items.flatMap((item) => (item.ok ? [item.value] : []));
        await ctx.repositories.predictions.createMany(project.id, rows).catch((error: unknown) => {
          throw error instanceof UnknownTasksError ? refused(error.ids.map((id) => noTask(id, project))) : error;
        });
        return { created: rows.length };
      },
    }),
  },
];

function noTask(id: number, { id: project, title }: { id: number; title: string | null }): string {
  return `Invalid "task" field: corresponding task ID ${id} couldn't be retrieved from project ${title ?? ""} (id=${project}) tasks`;
}

function refused(problems: string[]): Error {
  const non_field_errors = problems.slice(0, shownProblems);
  return createError(400, "Validation error", { validation_errors: { non_field_errors } });
}
