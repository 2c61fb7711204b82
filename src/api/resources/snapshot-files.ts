import createError from "http-errors";

import { settleWithin } from "../../common/durations.ts";
import { openSnapshot } from "../../exports/snapshots.ts";
import { orNotFound } from "../../http/or-not-found.ts";
import { exportContentType, exportFileName } from "../../presenters/export-formats.ts";
import { conversionRecord } from "../../presenters/export.ts";
import { conversionBody, downloadQuery } from "../bodies/exports.ts";
import { endpoint, FileResponse } from "../endpoint.ts";
import type { Resource } from "../endpoint.ts";
import { validationError } from "../errors.ts";
import { findSnapshot, maxJobWait } from "./export-snapshots.ts";
import { controlsFor, exportContent } from "./exports.ts";

const notCompleted = "Export is not completed";

/** The files of a snapshot, in each format. */
export const snapshotFiles: Resource[] = [
  {
    path: "/api/projects/:id/exports/:export_pk/convert",
    tag: "Exports",
    POST: endpoint({
      summary: "Convert a snapshot",
      description: "Runs in the background. A download also converts by itself.",
      python: 'client.projects.exports.convert(id=1, export_pk=1, export_type="CSV")',
      example: { export_type: "CSV" },
      body: conversionBody,
      response: conversionRecord,
      async handle(ctx, { params, body: { export_type } }) {
        const { project, snapshot } = await findSnapshot(ctx, params);
        controlsFor(export_type, project, "export_type");
        if (snapshot.status !== "completed") throw validationError({ non_field_errors: [notCompleted] });
        const job = await ctx.exporter.convert(snapshot, export_type);
        if (!job) throw validationError({ non_field_errors: [`Conversion to ${export_type} already started`] });
        await settleWithin(maxJobWait, job.finished);
        return { export_type, converted_format: job.id };
      },
    }),
  },
  {
    path: "/api/projects/:id/exports/:export_pk/download",
    tag: "Exports",
    GET: endpoint({
      summary: "Download a snapshot",
      python: 'client.projects.exports.download(id=1, export_pk=1, export_type="JSON")',
      query: downloadQuery,
      responseContent: exportContent,
      errors: { 404: "no record with this id, or it is not completed" },
      async handle(ctx, { params, query: { format } }) {
        const { project, snapshot } = await findSnapshot(ctx, params);
        controlsFor(format, project);
        if (snapshot.status !== "completed") throw createError(404, notCompleted);
        const file = await openSnapshot(ctx.repositories, snapshot, { project, format });
        const { content, length } = orNotFound(file, "The file of this export is gone: make a new one.");
        return new FileResponse({
          type: exportContentType(format),
          name: exportFileName(project.id, format, snapshot.created_at, snapshot.md5),
          content,
          length,
        });
      },
    }),
  },
];
