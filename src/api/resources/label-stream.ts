import createError from "http-errors";
import * as z from "zod";

import { endpoint } from "../endpoint.ts";
import type { Resource } from "../endpoint.ts";
import { findProject, noMatch } from "../find-records.ts";

/** So many of one's latest annotations are listed. */
const historyLength = 1000;

/** What Label Studio's own screens ask for around labeling and imports. */
export const labelStream: Resource[] = [
  {
    path: "/api/projects/:id/label-stream-history/",
    tag: "Labeling",
    GET: endpoint({
      summary: "List your latest annotations of a project",
      description: `Oldest first; the latest ${historyLength}.`,
      python: 'requests.get(f"{url}/api/projects/1/label-stream-history/", headers=headers)',
      response: z.array(z.object({ taskId: z.int(), annotationId: z.int() })),
      async handle(ctx, { params }) {
        const project = await findProject(ctx, params.id);
        const own = await ctx.repositories.annotations.listOwn(project.id, ctx.state.user.id, historyLength);
        return own.map(({ id, task_id }) => ({ taskId: task_id, annotationId: id }));
      },
    }),
  },
  {
    path: "/api/tasks/:id/agreement/",
    tag: "Not in Atelier",
    GET: endpoint({
      summary: "Refused: agreement of a task",
      description: "As in Label Studio's open source edition.",
      python: 'requests.get(f"{url}/api/tasks/1/agreement/", headers=headers)',
      errors: { 403: "always" },
      handle: async () => {
        throw createError(403, "Feature not enabled");
      },
    }),
  },
  ...(["import", "reimport"] as const).map((kind): Resource => ({
    path: `/api/projects/:id/${kind}s/:import_pk/`,
    tag: "Not in Atelier",
    GET: endpoint({
      summary: `Status of ${kind === "import" ? "an" : "a"} ${kind}: none`,
      description: "An import is over when it is answered, as in Label Studio's open source edition.",
      python: `requests.get(f"{url}/api/projects/1/${kind}s/1/", headers=headers)`,
      errors: { 404: "always" },
      handle: async () => {
        throw createError(404, noMatch(kind === "import" ? "ProjectImport" : "ProjectReimport"));
      },
    }),
  })),
];
