import * as z from "zod";

import { labelStudioVersion } from "../common/package.ts";

export const validationErrors = z.record(z.string(), z.array(z.string()));

/** The body of every error of the API. */
export const errorRecord = z
  .object({
    id: z.uuid(),
    status_code: z.int(),
    version: z.string(),
    detail: z.string().describe("what went wrong, and what to do"),
    exc_info: z.null(),
    validation_errors: validationErrors.optional().describe("what is wrong with each field"),
  })
  .meta({ id: "Error" });

/** `id` identifies the request in the log. */
export function presentError(
  id: string,
  status_code: number,
  detail: string,
  validation_errors?: z.output<typeof validationErrors>,
): z.output<typeof errorRecord> {
  return {
    id,
    status_code,
    version: labelStudioVersion,
    detail,
    exc_info: null,
    ...(validation_errors && { validation_errors }),
  };
}
