import * as z from "zod";

import { parseTimestamp } from "../../common/timestamps.ts";
import { eventGroups } from "../../repositories/accounts/events.ts";
import type { EventGroup } from "../../repositories/accounts/events.ts";
import { pageSize, recordId } from "./query-parameters.ts";

/** Which events; anything that can't be read is refused, so that nobody takes a part of the log for all of it. */
export const eventsQuery = z.object({
  since: z
    .string()
    .transform((text, context) => {
      const time = parseTimestamp(text);
      if (time === undefined) context.addIssue("Not a time: use ISO 8601, such as 2026-11-29T08:00:00Z.");
      return time ?? z.NEVER;
    })
    .optional()
    .meta({ type: "string", format: "date-time" }),
  group: z.enum(Object.keys(eventGroups) as EventGroup[]).optional(),
  user: recordId(),
  before: recordId().describe("the id of an event: only earlier ones"),
  page_size: pageSize({ fallback: 100, max: 1000 }),
});
