import type * as z from "zod";

import { queryString } from "../common/query-string.ts";
import type { Context } from "../context.ts";
import type { activityQuery } from "../forms/events.ts";
import { activeUser } from "../rendering/display-names.ts";
import type { EventGroup, EventsQuery } from "../repositories/accounts/events.ts";
import type { User } from "../repositories/accounts/user-columns.ts";

type ActivityQuery = z.output<typeof activityQuery>;

const pageSize = 50;

const filters: { show: EventGroup | undefined; label: string }[] = [
  { show: undefined, label: "All" },
  { show: "login", label: "Log-ins" },
  { show: "access", label: "Access" },
  { show: "people", label: "People" },
  { show: "organization", label: "Settings" },
];

/** The variables of an activity log: its events with who did them and to whom, its filters and the pages beside this one. */
export async function loadActivity(
  { repositories }: Pick<Context, "repositories">,
  query: ActivityQuery,
  person?: User,
) {
  const rows = await repositories.events.list({ ...selection(query, person), limit: pageSize + 1 });
  const shown = rows.slice(0, pageSize);
  const members = await repositories.members.listByIds(
    shown.flatMap(({ actor_id, subject_id }) => [actor_id, subject_id]),
  );
  const people = new Map(members.map((member) => [member.user.id, member]));
  const memberOf = (id: number | null) => (id === null ? undefined : people.get(id));
  return {
    events: shown.map((event) => ({
      ...event,
      actor: memberOf(event.actor_id)?.user,
      subject: memberOf(event.subject_id)?.user,
      // What the avatar shows: who did it, else whose account it is about.
      portrait: activeUser(memberOf(event.actor_id) ?? memberOf(event.subject_id)),
    })),
    pills: buildPills(query),
    newest: query.before === undefined ? undefined : address(query),
    older: rows.length > pageSize ? address(query, shown.at(-1)?.id) : undefined,
  };
}

/** The same variables where nothing is to be shown. */
export function emptyActivity(query: ActivityQuery) {
  return { events: [], pills: buildPills(query), newest: undefined, older: undefined };
}

/** Which events a log shows; of this person alone, if there is one. */
export function selection({ show, before }: ActivityQuery, person?: User): Omit<EventsQuery, "limit"> {
  return { group: show, before, user_id: person?.id };
}

function buildPills(query: ActivityQuery) {
  return filters.map(({ show, label }) => ({
    label,
    href: address({ ...query, show }),
    is_current: show === query.show,
  }));
}

function address({ show, user, q }: Omit<ActivityQuery, "before">, before?: number): string {
  return queryString({ show, user, q, before }) || "?";
}
