import * as z from "zod";

import { parseId } from "../common/ids.ts";
import { limits } from "../common/limits.ts";
import { eventGroups } from "../repositories/accounts/events.ts";
import type { EventGroup } from "../repositories/accounts/events.ts";

const groups = Object.keys(eventGroups) as EventGroup[];

/** What is no id counts as missing. */
const id = z
  .string()
  .transform((text) => parseId(text) || undefined)
  .optional()
  .catch(undefined);

/** Filter and position of an activity log; invalid parameters are ignored. `user`: an id, `q`: an email. */
export const activityQuery = z.object({
  show: z.enum(groups).optional().catch(undefined),
  user: id,
  q: z.string().trim().max(limits.email).catch(""),
  before: id,
});
