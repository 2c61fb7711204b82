import { randomUUID } from "node:crypto";
import { Readable } from "node:stream";

import createError from "http-errors";
import * as z from "zod";

import { now } from "../../common/timestamps.ts";
import { openTasks } from "../../exports/read-tasks.ts";
import { writeExport } from "../../exports/write-export.ts";
import { fitsFormat } from "../../label-config/fitting-formats.ts";
import { parseLabelConfig } from "../../label-config/parse-label-config.ts";
import type { ParsedLabelConfig } from "../../label-config/parsed-label-config.ts";
import { exportContentType, exportFileName, listFormats } from "../../presenters/export-formats.ts";
import { exportFormatRecord } from "../../presenters/export.ts";
import type { ExportFormat } from "../../repositories/jobs/export-conversions.ts";
import type { Project } from "../../repositories/labeling/projects.ts";
import { exportQuery, misfitMessage } from "../bodies/exports.ts";
import { choiceOfViewIn } from "../chosen-tasks.ts";
import { endpoint, FileResponse } from "../endpoint.ts";
import type { Resource } from "../endpoint.ts";
import { validationError } from "../errors.ts";
import { findProject } from "../find-records.ts";

/** The content of export files by media type. */
export const exportContent = {
  "application/json": z.array(z.looseObject({})),
  "text/csv": z.file(),
  "text/tab-separated-values": z.file(),
  "text/plain": z.file(),
  "application/zip": z.file(),
};

/** The controls of a project. Throws a 400 where a format can't hold what they are answered with; `parameter` asked for it. */
export function controlsFor(
  format: ExportFormat,
  { label_config }: Project,
  parameter = "exportType",
): ParsedLabelConfig {
  const { parsed_label_config } = parseLabelConfig(label_config);
  if (!fitsFormat(format, parsed_label_config))
    throw validationError({ [parameter]: [misfitMessage(format, parsed_label_config)] });
  return parsed_label_config;
}

/** Exports of a project that are streamed, not stored. */
export const exports: Resource[] = [
  {
    path: "/api/projects/:id/export",
    tag: "Exports",
    GET: endpoint({
      summary: "Export a project",
      description:
        "As a file, sent while it is read. Tasks that somebody annotated or skipped; `download_all_tasks` takes all, `view` or `query` choose some.",
      python: "client.projects.exports.as_json(project_id=1)",
      query: exportQuery,
      repeatedParameters: ["ids", "ids[]"],
      responseContent: exportContent,
      async handle(ctx, { params, query: { format, options, view } }) {
        const project = await findProject(ctx, params.id);
        const controls = controlsFor(format, project);
        const drafts_of = ctx.state.user.id;
        const choice = view === undefined ? options.choice : await choiceOfViewIn(ctx, view, project.id);
        const disconnection = new AbortController();
        ctx.res.once("close", () => disconnection.abort(createError(400, "The client has gone.")));
        const tasks = await openTasks(
          ctx.repositories,
          project,
          { ...options, choice, chosen_by: drafts_of, drafts_of },
          disconnection.signal,
        );
        return new FileResponse({
          type: exportContentType(format),
          name: exportFileName(project.id, format, now(), randomUUID()),
          content: Readable.from(writeExport(format, tasks, controls)),
        });
      },
    }),
  },
  {
    path: "/api/projects/:id/export/formats",
    tag: "Exports",
    GET: endpoint({
      summary: "List the formats of exports",
      description: "Those that do not fit the labeling setup of the project, or are not here, have `disabled`.",
      python: "client.projects.exports.list_formats(id=1)",
      response: z.array(exportFormatRecord),
      async handle(ctx, { params }) {
        const project = await findProject(ctx, params.id);
        return listFormats(parseLabelConfig(project.label_config).parsed_label_config);
      },
    }),
  },
];
