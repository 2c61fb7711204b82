import createError from "http-errors";
import * as z from "zod";

import { limits } from "../../common/limits.ts";
import { buildLabelForm } from "../../label-config/form/label-form.ts";
import { omissionNotes } from "../../label-config/form/omissions.ts";
import { essentialDataChanged } from "../../label-config/parsed-label-config.ts";
import { parseLabelConfig } from "../../label-config/parse-label-config.ts";
import {
  countAnswers,
  incompatibleAnswersError,
  removedLabelsError,
} from "../../label-config/validation/answers-in-use.ts";
import { labelConfigError } from "../../label-config/validation/validate.ts";
import { parseTags } from "../../label-config/xml/tree.ts";
import { labelConfigBody, projectLabelConfigBody } from "../bodies/projects.ts";
import { endpoint, publicEndpoint } from "../endpoint.ts";
import type { Resource } from "../endpoint.ts";
import { validationError } from "../errors.ts";
import { findProject } from "../find-records.ts";

/** Validates label configs. */
export const validation: Resource[] = [
  {
    path: "/api/projects/validate/",
    tag: "Projects",
    POST: publicEndpoint({
      summary: "Check a labeling setup",
      python: 'requests.post(f"{url}/api/projects/validate/", json={"label_config": "<View></View>"})',
      example: { label_config: "<View></View>" },
      maxMegabytes: limits.labelConfigMegabytes,
      body: labelConfigBody,
      status: 204,
      formatErrors: (errors) => errors,
      errorSchemas: { 400: z.record(z.string(), z.array(z.string())) },
      async handle(_ctx, { body }) {
        const error = labelConfigError(body.label_config);
        if (error) throw createError(400, { body: { label_config: [error.message] } });
      },
    }),
  },
  {
    path: "/api/projects/:id/validate/",
    tag: "Projects",
    GET: endpoint({
      summary: "Get a project's labeling setup",
      python: 'requests.get(f"{url}/api/projects/1/validate/", headers=headers)',
      response: z.object({ label_config: z.string() }),
      async handle(ctx, { params }) {
        const { label_config } = await findProject(ctx, params.id);
        return { label_config };
      },
    }),
    POST: endpoint({
      summary: "Check a labeling setup for a project",
      description: "Also checks that existing annotations still fit.",
      python: 'client.projects.validate_label_config(id=1, label_config="<View></View>")',
      example: { label_config: "<View></View>" },
      maxMegabytes: limits.labelConfigMegabytes,
      body: projectLabelConfigBody,
      response: z.object({
        config_essential_data_has_changed: z.boolean().nullable().describe("true where answers may differ"),
        omissions: z
          .array(z.object({ tags: z.array(z.string()), reason: z.string(), line: z.number() }))
          .optional()
          .describe("What of the setup the label page can’t show or ask, and why; left out where it can all of it"),
      }),
      async handle(ctx, { params, body: { label_config } }) {
        const project = await findProject(ctx, params.id);
        const { error: syntaxError } = parseTags(label_config, limits);
        if (syntaxError) throw createError(400, syntaxError.message);
        throwIfError(labelConfigError(label_config)?.message);
        const { parsed_label_config } = parseLabelConfig(label_config);
        const usage = await countAnswers(ctx.repositories.annotations.iterateResults(project.id));
        throwIfError(
          (await incompatibleAnswersError(parsed_label_config, usage)) ??
            (await removedLabelsError(parsed_label_config, usage)),
        );
        const before = parseLabelConfig(project.label_config).parsed_label_config;
        const omissions = omissionNotes(buildLabelForm(parseLabelConfig(label_config).root).omissions);
        return {
          config_essential_data_has_changed: essentialDataChanged(parsed_label_config, before),
          ...(omissions.length > 0 && { omissions }),
        };
      },
    }),
  },
];

function throwIfError(error: string | undefined): void {
  if (error) throw validationError({ non_field_errors: [error] });
}
