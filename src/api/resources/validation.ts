import createError from "http-errors";
import { z } from "zod";

import { projectSetupForm, setupForm } from "../bodies/projects.ts";
import { orNotFound } from "../../http/or-not-found.ts";
import { labelsProblem, orphansProblem } from "../../label-config/validation/answers-in-use.ts";
import { essentialDataChanged } from "../../label-config/parsed.ts";
import { labelConfigError } from "../../label-config/validation/validate.ts";
import { parseLabelConfig } from "../../label-config/setup.ts";
import { parseTags } from "../../label-config/xml/tree.ts";
import { loadAnswerUsage } from "../answer-usage.ts";
import { endpoint, openEndpoint } from "../endpoint.ts";
import type { Resource } from "../endpoint.ts";

const noProject = "No Project matches the given query.";

/** Whether a labeling setup can be used. */
export const validation: Resource[] = [
  {
    path: "/api/projects/validate/",
    tag: "Projects",
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
        const problem = labelConfigError(body.label_config);
        if (problem) throw createError(400, { body: { label_config: [problem.message] } });
      },
    }),
  },
  {
    path: "/api/projects/:id/validate/",
    tag: "Projects",
    allow: "GET, POST, HEAD, OPTIONS",
    GET: endpoint({
      summary: "Get a project's labeling setup",
      python: 'requests.get(f"{url}/api/projects/1/validate/", headers=headers)',
      answer: z.object({ label_config: z.string() }),
      async handle(ctx, { params }) {
        const { label_config } = orNotFound(await ctx.repositories.projects.find(params.id), noProject);
        return { label_config };
      },
    }),
    POST: endpoint({
      summary: "Check a labeling setup for a project",
      description: "Also whether it has a place for what was answered already.",
      python: 'client.projects.validate_label_config(id=1, label_config="<View></View>")',
      example: { label_config: "<View></View>" },
      megabytes: 2,
      body: projectSetupForm,
      answer: z.object({
        config_essential_data_has_changed: z.boolean().nullable().describe("true where answers may not fit"),
      }),
      async handle(ctx, { params, body: { label_config } }) {
        const project = orNotFound(await ctx.repositories.projects.find(params.id), noProject);
        const { problem: noXml } = parseTags(label_config);
        if (noXml) throw createError(400, noXml.message);
        refuse(labelConfigError(label_config)?.message);
        const { parsed_label_config } = parseLabelConfig(label_config);
        const given = await loadAnswerUsage(ctx, project.id);
        refuse(orphansProblem(parsed_label_config, given) ?? labelsProblem(parsed_label_config, given));
        const before = parseLabelConfig(project.label_config).parsed_label_config;
        return { config_essential_data_has_changed: essentialDataChanged(parsed_label_config, before) };
      },
    }),
  },
];

function refuse(problem: string | undefined): void {
  if (problem) throw createError(400, "Validation error", { validation_errors: { non_field_errors: [problem] } });
}
