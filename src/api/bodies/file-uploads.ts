import * as z from "zod";

import { maxId } from "../../common/ids.ts";
import { parseJson } from "../../common/parse-json.ts";
import { lenientBoolean } from "./query-parameters.ts";

const ids = z.array(z.int().min(1).max(maxId));

export const fileUploadsQuery = z.object({
  ids: z
    .string()
    .transform((text, context): number[] => {
      const result = ids.safeParse(parseJson(text));
      if (result.success) return result.data;
      context.addIssue("Must be a JSON list of ids, such as [1, 2].");
      return z.NEVER;
    })
    .optional()
    .meta({ type: "string", description: "a JSON list of ids, such as [1, 2]" }),
  all: lenientBoolean().meta({ description: "all of them; without `ids` and this none are listed" }),
});

export const fileUploadsBody = z.object({
  file_upload_ids: ids.optional().meta({ description: "without it all are deleted" }),
});

export const reimportBody = z.object({
  file_upload_ids: ids.default([]),
  files_as_tasks_list: z
    .boolean()
    .default(true)
    .meta({ description: "`false`: a table or a text is one task, of its address" }),
});

export const fileBody = z.object({ file: z.file() });
