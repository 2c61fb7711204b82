import * as z from "zod";

import { lenientBoolean } from "./query-parameters.ts";

export const importQuery = z.object({
  commit_to_project: lenientBoolean({ fallback: true }).meta({
    description:
      "`false`: a list is only checked, and files stay for `reimport`, or for tasks that name their addresses",
  }),
  return_task_ids: lenientBoolean(),
  preannotated_from_fields: z
    .string()
    .optional()
    .meta({ description: "names of fields that become predictions, such as label,score" }),
});

/** One task or a list; each has `data`, or is the data itself. */
export const importedTasksBody = z
  .union([z.array(z.looseObject({})).min(1), z.looseObject({})])
  .meta({ id: "ImportedTasks" });

export const importedFilesBody = z.object({ file: z.file() });
