import { z } from "zod";

import { wishInQuery } from "./fields.ts";

/** What is said in the address of an import. */
export const importQuery = z.object({
  commit_to_project: wishInQuery({ usual: true }).meta({ description: "`false` only checks what is sent" }),
  return_task_ids: wishInQuery(),
  preannotated_from_fields: z
    .string()
    .optional()
    .meta({ description: "names of fields that become predictions, such as label,score" }),
});

/** Tasks, each with `data` or as the data itself. */
export const importedTasks = z
  .union([z.array(z.looseObject({})).min(1), z.looseObject({})])
  .meta({ id: "ImportedTasks" });

export const importedFiles = z.object({ file: z.file() });
