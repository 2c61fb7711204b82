import * as z from "zod";

import { RawJson } from "../../common/raw-json.ts";
import { modelVersionBody, modelVersionsQuery } from "../bodies/predictions.ts";
import { endpoint } from "../endpoint.ts";
import type { Resource } from "../endpoint.ts";
import { findProject } from "../find-records.ts";
import { formatTimestamp, timestamp } from "../../presenters/timestamp.ts";

const staticVersion = z.object({ model_version: z.string(), count: z.int(), latest: timestamp });

/** The versions of models that a project has predictions of. */
export const modelVersions: Resource[] = [
  {
    path: "/api/projects/:id/model-versions/",
    tag: "Predictions",
    GET: endpoint({
      summary: "Count predictions by model version",
      description: "Newest first.",
      python: "client.projects.get_model_versions(id=1)",
      query: modelVersionsQuery,
      response: z.union([
        z.record(z.string(), z.int()),
        z.object({ static: z.array(staticVersion), live: z.array(z.never()).nullable() }),
      ]),
      async handle(ctx, { params, query }) {
        const project = await findProject(ctx, params.id);
        const versions = await ctx.repositories.predictions.countVersions(project.id, query.limit);
        if (!query.extended) return inOrder(versions);
        return {
          static: versions.map(({ latest, ...version }) => ({ ...version, latest: formatTimestamp(latest) })),
          live: query.include_live_models ? [] : null,
        };
      },
    }),
    DELETE: endpoint({
      summary: "Delete the predictions of a model version",
      python: 'requests.delete(f"{url}/api/projects/1/model-versions/", headers=headers, json={"model_version": "v1"})',
      example: { model_version: "v1" },
      body: modelVersionBody,
      response: z.object({ deleted_predictions: z.int() }),
      async handle(ctx, { params, body: { model_version } }) {
        const { predictions, projects } = ctx.repositories;
        const project = await findProject(ctx, params.id);
        const deleted_predictions = await predictions.deleteVersion(project.id, model_version);
        if (project.model_version === model_version) await projects.update(project.id, { model_version: "" });
        const by = ctx.state.user.id;
        const event = { event: "predictions_deleted", project: project.id, predictions: deleted_predictions, by };
        ctx.log.info({ ...event, ip: ctx.ip }, "predictions deleted");
        return { deleted_predictions };
      },
    }),
  },
];

/** An object's own order puts names that are numbers first. */
function inOrder(versions: { model_version: string; count: number }[]): RawJson {
  const members = versions.map(({ model_version, count }) => `${JSON.stringify(model_version)}:${count}`);
  return new RawJson(`{${members.join(",")}}`);
}
