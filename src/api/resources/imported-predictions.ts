import * as z from "zod";

import { limits } from "../../common/limits.ts";
import { rawElements } from "../../common/raw-json.ts";
import { parsePredictionRow } from "../../imports/prediction-row.ts";
import { parseLabelConfig } from "../../label-config/parse-label-config.ts";
import { UnknownTasksError } from "../../repositories/labeling/predictions.ts";
import { endpoint } from "../endpoint.ts";
import type { Resource } from "../endpoint.ts";
import { validationError } from "../errors.ts";
import { findProject } from "../find-records.ts";
import { withIdempotencyKey } from "../idempotency.ts";
import { readBody } from "../read-body.ts";

/** As in Label Studio's import of tasks. */
const maxErrors = 100;

const importedPrediction = z.looseObject({ task: z.int(), result: z.unknown() });

/** Imports predictions of many tasks. */
export const importedPredictions: Resource[] = [
  {
    path: "/api/projects/:id/import/predictions",
    tag: "Predictions",
    POST: endpoint({
      summary: "Import predictions",
      description: "A list, up to 20 MB; each names a task of the project. All or nothing.",
      python: 'client.projects.import_predictions(id=1, request=[{"task": 1, "result": [], "score": 0.9}])',
      requestContent: { "application/json": z.array(importedPrediction) },
      example: [{ task: 1, result: [], score: 0.9 }],
      takesIdempotencyKey: true,
      status: 201,
      response: z.object({ created: z.int() }),
      async handle(ctx, { params }) {
        const project = await findProject(ctx, params.id);
        const { text = "", value } = await readBody(ctx, limits.predictionsMegabytes);
        if (!Array.isArray(value)) throw validationError({ non_field_errors: ["Send a list of predictions."] });
        const { parsed_label_config } = parseLabelConfig(project.label_config);
        const items = rawElements(text).map((item) => parsePredictionRow(item, parsed_label_config));
        const errors = items.flatMap((item) => (item.ok ? [] : [item.error]));
        if (errors.length) throw validationError({ non_field_errors: errors.slice(0, maxErrors) });
        const rows = items.flatMap((item) => (item.ok ? [item.value] : []));
        return withIdempotencyKey(
          ctx,
          () => text,
          async ({ predictions }) => {
            await predictions.createMany(project.id, rows).catch((error: unknown) => {
              if (!(error instanceof UnknownTasksError)) throw error;
              throw validationError({
                non_field_errors: error.ids.slice(0, maxErrors).map((id) => noTask(id, project)),
              });
            });
            return { created: rows.length };
          },
        );
      },
    }),
  },
];

function noTask(id: number, { id: project, title }: { id: number; title: string | null }): string {
  return `Invalid "task" field: corresponding task ID ${id} couldn't be retrieved from project ${title ?? ""} (id=${project}) tasks`;
}
