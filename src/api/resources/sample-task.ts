import createError from "http-errors";
import * as z from "zod";

import { limits } from "../../common/limits.ts";
import { sampleTask as sampleData } from "../../imports/examples.ts";
import { parseLabelConfig } from "../../label-config/parse-label-config.ts";
import { sampleResult } from "../../label-config/sample-result.ts";
import { labelConfigError } from "../../label-config/validation/validate.ts";
import { parseTags } from "../../label-config/xml/tree.ts";
import { projectRecord } from "../../presenters/project.ts";
import { sampleTaskBody } from "../bodies/projects.ts";
import { endpoint } from "../endpoint.ts";
import type { Resource } from "../endpoint.ts";
import { validationError } from "../errors.ts";
import { findProject } from "../find-records.ts";
import { presentProjectOf } from "../present-project.ts";

/** A task to try a labeling setup with. */
export const sampleTask: Resource[] = [
  {
    path: "/api/projects/:id/sample-task/",
    tag: "Projects",
    GET: endpoint({
      summary: "Get a project, by the address of its sample task",
      python: 'requests.get(f"{url}/api/projects/1/sample-task/", headers=headers)',
      response: projectRecord,
      handle: async (ctx, { params }) => presentProjectOf(ctx, await findProject(ctx, params.id)),
    }),
    POST: endpoint({
      summary: "Make a task that fits a labeling setup",
      description: "Nothing is stored. `include_annotation_and_prediction` adds an answer of each control.",
      python:
        'requests.post(f"{url}/api/projects/1/sample-task/", headers=headers, json={"label_config": "<View></View>"})',
      example: { label_config: '<View><Text name="text" value="$text"/></View>' },
      maxMegabytes: limits.labelConfigMegabytes,
      body: sampleTaskBody,
      response: z.object({ sample_task: z.looseObject({}) }),
      async handle(ctx, { params, body: { label_config, include_annotation_and_prediction } }) {
        await findProject(ctx, params.id);
        const { error } = parseTags(label_config, limits);
        if (error) throw createError(400, error.message);
        const message = labelConfigError(label_config)?.message;
        if (message) throw validationError({ label_config: [message] });
        const { data_types, parsed_label_config } = parseLabelConfig(label_config);
        const data = sampleData(data_types);
        if (!include_annotation_and_prediction) return { sample_task: data };
        const result = sampleResult(parsed_label_config);
        const completed_by = ctx.state.user.id;
        const state = { was_cancelled: false, ground_truth: false, lead_time: 0, result_count: 0 };
        return {
          sample_task: {
            data,
            annotations: [{ ...state, completed_by, result }],
            predictions: [{ model_version: "sample model version", score: 0, result }],
          },
        };
      },
    }),
  },
];
