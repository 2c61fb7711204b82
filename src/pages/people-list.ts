import type { z } from "zod";

import { queryString } from "../common/query-string.ts";
import { formatPosition } from "../forms/people.ts";
import type { peopleQuery, Position } from "../forms/people.ts";
import type { Cursor, PeopleQuery } from "../repositories/accounts/people.ts";
import type { User } from "../repositories/accounts/user-columns.ts";

type ListQuery = z.output<typeof peopleQuery>;

/** How many people each filter shows, without a search. */
type Counts = Record<ListQuery["show"], number>;

interface ListedPage {
  people: User[];
  previous: Cursor | undefined;
  next: Cursor | undefined;
  matches: number | undefined;
}

const pageSize = 50;

const filters = [
  { show: "everyone", label: "Everyone" },
  { show: "owner", label: "Owner" },
  { show: "never", label: "Never logged in" },
] as const;

const columns = [
  { name: "sort_name", label: "Name", first: "sort_name" },
  { name: "date_joined", label: "Joined", first: "-date_joined" },
  { name: "last_activity", label: "Last activity", first: "-last_activity" },
] as const;

/** What to read for a page of People. */
export function toPeopleQuery(query: ListQuery, organization: { created_by_id: number | null }): PeopleQuery {
  return {
    search: query.q,
    // No user has the id 0: an organization whose owner's account is gone has none.
    id: query.show === "owner" ? (organization.created_by_id ?? 0) : undefined,
    never_seen: query.show === "never",
    sort: query.sort.replace("-", "") as PeopleQuery["sort"],
    descending: query.sort.startsWith("-"),
    after: query.after,
    before: query.before,
    limit: pageSize,
  };
}

/** The variables of the page People: its rows, and the addresses of its filters, column heads and neighboring pages. */
export function buildPeopleList(query: ListQuery, { people, previous, next, matches }: ListedPage, counts: Counts) {
  const { q, show, sort } = query;
  const total = q ? matches : counts[show];
  const before = previous ? countBefore(query, people.length) : 0;
  const end = next ? before + people.length : (total ?? before + people.length);
  const start = next ? before : Math.max(0, end - people.length);
  return {
    people,
    q,
    show,
    sort,
    show_label: filters.find((each) => each.show === show)?.label,
    shown_of: counts[show],
    matches,
    pills: filters
      .filter((each) => each.show !== "never" || counts.never > 0 || show === "never")
      .map((each) => ({
        label: each.label,
        count: counts[each.show],
        href: address({ ...query, show: each.show }),
        is_current: each.show === show,
      })),
    columns: Object.fromEntries(columns.map((column) => [column.name, sortLink(query, column)])),
    everyone: address({ ...query, q: "" }),
    pager: (previous || next) && {
      from: start + 1,
      to: end,
      total,
      previous: previous && address(query, { before: { ...previous, offset: start } }),
      next: next && address(query, { after: { ...next, offset: end } }),
    },
  };
}

/** How many people come before this page's first, as the address tells. */
function countBefore({ after, before }: ListQuery, length: number): number {
  return after ? after.offset : Math.max(0, (before?.offset ?? 0) - length);
}

function sortLink(query: ListQuery, { name, label, first }: (typeof columns)[number]) {
  const direction = query.sort === name ? "ascending" : query.sort === `-${name}` ? "descending" : undefined;
  const sort = direction === "ascending" ? (`-${name}` as const) : direction === "descending" ? name : first;
  return { name, label, direction, href: address({ ...query, sort }) };
}

/** The query of a list; what is as usual is left out. */
function address({ q, show, sort }: ListQuery, page: { after?: Position; before?: Position } = {}): string {
  const parameters = {
    q,
    show: show !== "everyone" && show,
    sort: sort !== "sort_name" && sort,
    after: page.after && formatPosition(page.after),
    before: page.before && formatPosition(page.before),
  };
  return queryString(parameters) || "?";
}
