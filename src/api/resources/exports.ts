import { randomUUID } from "node:crypto";
import { Readable } from "node:stream";

import createError from "http-errors";
import { z } from "zod";

import { now } from "../../common/timestamps.ts";
import { exportFileName, exportFormats, exportType } from "../../presenters/export-formats.ts";
import { openTasks } from "../../exports/read-tasks.ts";
import { writeExport } from "../../exports/write-export.ts";
import { exportQuery } from "../bodies/exports.ts";
import { orNotFound } from "../../http/or-not-found.ts";
import { parseLabelConfig } from "../../label-config/setup.ts";
import { formatRecord } from "../../presenters/export.ts";
import { endpoint, FileAnswer } from "../endpoint.ts";
import type { Resource } from "../endpoint.ts";

const noProject = "No Project matches the given query.";

/** The files that exports are, by their types. */
export const exportFiles = {
  "application/json": z.array(z.looseObject({})),
  "text/csv": z.file(),
  "text/tab-separated-values": z.file(),
};

/** Takes a project's tasks out, with all that was said about them. */
export const exports: Resource[] = [
  {
    path: "/api/projects/:id/export",
    tag: "Exports",
    allow: "GET, HEAD, OPTIONS",
    GET: endpoint({
      summary: "Export a project",
      description:
        "As a file, sent while it is read. Tasks that somebody annotated or skipped; `download_all_tasks` takes all.",
      python: "client.projects.exports.as_json(project_id=1)",
      query: exportQuery,
      lists: ["ids", "ids[]"],
      files: exportFiles,
      async handle(ctx, { params, query: { format, options } }) {
        const project = orNotFound(await ctx.repositories.projects.find(params.id), noProject);
        const drafts_of = ctx.state.user.id;
        const left = new AbortController();
        ctx.res.once("close", () => left.abort(createError(400, "Nobody waits for this any more.")));
        const open = await openTasks(ctx.repositories, project, { ...options, drafts_of }, left.signal);
        const { parsed_label_config } = parseLabelConfig(project.label_config);
        return new FileAnswer({
          type: exportType(format),
          name: exportFileName(project.id, format, now(), randomUUID()),
          content: Readable.from(writeExport(format, open, parsed_label_config)),
        });
      },
    }),
  },
  {
    path: "/api/projects/:id/export/formats",
    tag: "Exports",
    allow: "GET, HEAD, OPTIONS",
    GET: endpoint({
      summary: "List the formats of exports",
      python: "client.projects.exports.list_formats(id=1)",
      answer: z.array(formatRecord),
      async handle(ctx, { params }) {
        orNotFound(await ctx.repositories.projects.find(params.id), noProject);
        return exportFormats;
      },
    }),
  },
];
