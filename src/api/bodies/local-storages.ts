import * as z from "zod";

import { limits } from "../../common/limits.ts";
import { linearPattern, PatternError } from "../../common/linear-pattern.ts";
import { boolean, primaryKey, text } from "./fields.ts";

const pattern = text({ max: limits.storagePath })
  .superRefine(async (value, context) => {
    try {
      await linearPattern(`^(?:${value})`);
    } catch (error) {
      if (!(error instanceof PatternError)) throw error;
      context.addIssue(`This regular expression can't be used: ${error.message}.`);
    }
  })
  .meta({ description: "a regular expression for the beginning of the names of files" });

/** What can be changed of a storage of local files. */
export const storageChangesBody = z.object({
  path: text({ max: limits.storagePath })
    .optional()
    .meta({ description: "a folder below LOCAL_FILES_DOCUMENT_ROOT, absolute" }),
  title: text({ max: 256 }).nullish(),
  description: text({ max: limits.longText }).nullish(),
  regex_filter: pattern.nullish(),
  use_blob_urls: boolean()
    .optional()
    .meta({ description: "`true`: each file is a task of its address; `false`: files of JSON hold tasks" }),
  recursive_scan: boolean().optional().meta({ description: "whether files of folders in it are meant, too" }),
});

export const newStorageBody = storageChangesBody.extend({ project: primaryKey() });

export const storageValidationBody = newStorageBody;
