import { randomUUID } from "node:crypto";
import { Readable } from "node:stream";

import createError from "http-errors";
import { z } from "zod";

import { now } from "../../common/timestamps.ts";
import { openTasks } from "../../exports/read-tasks.ts";
import { writeExport } from "../../exports/write-export.ts";
import { parseLabelConfig } from "../../label-config/parse-label-config.ts";
import { exportContentType, exportFileName, exportFormats } from "../../presenters/export-formats.ts";
import { exportFormatRecord } from "../../presenters/export.ts";
import { exportQuery } from "../bodies/exports.ts";
import { choiceOfViewIn } from "../chosen-tasks.ts";
import { endpoint, FileResponse } from "../endpoint.ts";
import type { Resource } from "../endpoint.ts";
import { findProject } from "../find-records.ts";

/** The content of export files by media type. */
export const exportContent = {
  "application/json": z.array(z.looseObject({})),
  "text/csv": z.file(),
  "text/tab-separated-values": z.file(),
};

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
        const { parsed_label_config } = parseLabelConfig(project.label_config);
        return new FileResponse({
          type: exportContentType(format),
          name: exportFileName(project.id, format, now(), randomUUID()),
          content: Readable.from(writeExport(format, tasks, parsed_label_config)),
        });
      },
    }),
  },
  {
    path: "/api/projects/:id/export/formats",
    tag: "Exports",
    GET: endpoint({
      summary: "List the formats of exports",
      python: "client.projects.exports.list_formats(id=1)",
      response: z.array(exportFormatRecord),
      async handle(ctx, { params }) {
        await findProject(ctx, params.id);
        return exportFormats;
      },
    }),
  },
];
