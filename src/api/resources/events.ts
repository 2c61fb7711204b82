import * as z from "zod";

import { baseUrl } from "../../http/base-url.ts";
import { assertOwner } from "../../http/owner-only.ts";
import { eventRecord, presentEvent } from "../../presenters/event.ts";
import { eventsQuery } from "../bodies/events.ts";
import { endpoint } from "../endpoint.ts";
import type { Resource } from "../endpoint.ts";

/** The activity log. Label Studio has none. */
export const events: Resource[] = [
  {
    path: "/api/events/",
    tag: "Activity",
    GET: endpoint({
      summary: "List what happened to accounts and the organization",
      description:
        "For the owner; not in Label Studio. Newest first. `next` is the address of the events before these; null at the end.",
      python:
        'requests.get(f"{url}/api/events/", params={"since": "2026-11-01"}, headers={"Authorization": f"Token {token}"}).json()',
      query: eventsQuery,
      response: z.object({ next: z.string().nullable(), results: z.array(eventRecord) }),
      errors: { 403: "you are not the owner" },
      async handle(ctx, { query: { user, page_size, ...query } }) {
        assertOwner(
          ctx.state,
          "You do not have permission to perform this action. Only the owner reads the activity log.",
        );
        const rows = await ctx.repositories.events.list({ ...query, user_id: user, limit: page_size + 1 });
        const results = rows.slice(0, page_size).map(presentEvent);
        const parameters = new URLSearchParams(ctx.querystring);
        parameters.set("before", String(results.at(-1)?.id));
        const next = rows.length > page_size ? `${baseUrl(ctx)}${ctx.path}?${parameters.toString()}` : null;
        return { next, results };
      },
    }),
  },
];
