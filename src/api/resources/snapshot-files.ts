import createError from "http-errors";

import { exportFileName, exportType } from "../../presenters/export-formats.ts";
import { openSnapshot } from "../../exports/snapshots.ts";
import { conversionForm, downloadQuery } from "../bodies/exports.ts";
import { orNotFound } from "../../http/or-not-found.ts";
import { conversionRecord } from "../../presenters/export.ts";
import { endpoint, FileAnswer } from "../endpoint.ts";
import type { Resource } from "../endpoint.ts";
import { aMoment, snapshotAsked } from "./export-snapshots.ts";
import { exportFiles } from "./exports.ts";

const notReady = "Export is not completed";

/** What a snapshot holds, in each format. */
export const snapshotFiles: Resource[] = [
  {
    path: "/api/projects/:id/exports/:export_pk/convert",
    tag: "Exports",
    allow: "POST, OPTIONS",
    POST: endpoint({
      summary: "Convert a snapshot",
      description: "In the background. A format can also be downloaded without: it is converted then.",
      python: 'client.projects.exports.convert(id=1, export_pk=1, export_type="CSV")',
      example: { export_type: "CSV" },
      body: conversionForm,
      answer: conversionRecord,
      async handle(ctx, { params, body: { export_type } }) {
        const { snapshot } = await snapshotAsked(ctx, params);
        if (snapshot.status !== "completed") throw refused(notReady);
        const begun = await ctx.exporter.convert(snapshot, export_type);
        if (!begun) throw refused(`Conversion to ${export_type} already started`);
        await aMoment(begun);
        return { export_type, converted_format: begun.id };
      },
    }),
  },
  {
    path: "/api/projects/:id/exports/:export_pk/download",
    tag: "Exports",
    allow: "GET, HEAD, OPTIONS",
    GET: endpoint({
      summary: "Download a snapshot",
      python: 'client.projects.exports.download(id=1, export_pk=1, export_type="JSON")',
      query: downloadQuery,
      files: exportFiles,
      refusals: { 404: "nothing has this id, or it is not completed" },
      async handle(ctx, { params, query: { format } }) {
        const { project, snapshot } = await snapshotAsked(ctx, params);
        if (snapshot.status !== "completed") throw createError(404, notReady);
        const opened = await openSnapshot(ctx.repositories, snapshot, { project, format });
        const { content, length } = orNotFound(opened, "The file of this export is gone: make a new one.");
        return new FileAnswer({
          type: exportType(format),
          name: exportFileName(project.id, format, snapshot.created_at, snapshot.md5),
          content,
          length,
        });
      },
    }),
  },
];

function refused(message: string): Error {
  return createError(400, "Validation error", { validation_errors: { non_field_errors: [message] } });
}
