import * as z from "zod";

import type { events } from "../repositories/accounts/events.ts";

type Event = Awaited<ReturnType<ReturnType<typeof events>["list"]>>[number];

/** An event of the activity log; people by their ids. */
export const eventRecord = z.object({
  id: z.int(),
  created_at: z.string(),
  event: z.string().describe("its name in the OWASP Logging Vocabulary, where that has one"),
  user: z.int().nullable().describe("whose account it is about"),
  by: z.int().nullable().describe("who did it; null for strangers and for the command line"),
  ip: z.string().describe("empty for the command line"),
  user_agent: z.string(),
  details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
});

export function presentEvent({ name, subject_id, actor_id, details, ...event }: Event): z.input<typeof eventRecord> {
  const present = Object.entries(details).filter(([, value]) => value !== undefined);
  return {
    ...event,
    event: name,
    user: subject_id,
    by: actor_id,
    details: Object.fromEntries(present) as z.input<typeof eventRecord>["details"],
  };
}
