import type * as z from "zod";

import { queryString } from "../common/query-string.ts";
import { formatPosition } from "../forms/people.ts";
import type { peopleQuery, Position } from "../forms/people.ts";
import type { Cursor, PeopleQuery, Person } from "../repositories/accounts/people.ts";

type ListQuery = z.output<typeof peopleQuery>;

/** How many people each filter shows, without a search. */
type Counts = Record<ListQuery["show"], number>;

interface ListedPage {
  people: Person[];
  previous: Cursor | undefined;
  next: Cursor | undefined;
  matches: number | undefined;
}

const pageSize = 50;

const filters = [
  { show: "everyone", label: "Everyone" },
  { show: "owner", label: "Owner" },
  { show: "active", label: "Active" },
  { show: "never", label: "Never logged in" },
  { show: "deactivated", label: "Deactivated" },
  { show: "removed", label: "Removed" },
] as const;

/** Whether a filter is of use: it leaves out some, and shows others. */
function isUseful(show: ListQuery["show"], counts: Counts): boolean {
  if (show === "active") return counts.deactivated > 0;
  return show === "everyone" || show === "owner" || counts[show] > 0;
}

const columns = [
  { name: "sort_name", label: "Name", first: "sort_name" },
  { name: "date_joined", label: "Joined", first: "-date_joined" },
  { name: "last_activity", label: "Last activity", first: "-last_activity" },
] as const;

const statuses = ["active", "deactivated", "removed"] as const;

/** What to read for a page of People. */
export function toPeopleQuery(query: ListQuery, organization: { created_by_id: number | null }): PeopleQuery {
  return {
    search: query.q,
    // No user has the id 0: an organization whose owner's account is gone has none.
    id: query.show === "owner" ? (organization.created_by_id ?? 0) : undefined,
    never_seen: query.show === "never",
    status: statuses.find((status) => status === query.show),
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
      .filter((each) => each.show === show || isUseful(each.show, counts))
      .map((each) => ({
        label: each.label,
        count: counts[each.show],
        href: address({ ...query, show: each.show }),
        is_current: each.show === show,
      })),
    columns: Object.fromEntries(columns.map((column) => [column.name, sortLink(query, column)])),
    everyone: address({ ...query, q: "" }),
    query: listQuery(query),
    pager: (previous || next) && {
      from: start + 1,
      to: end,
      total,
      previous: previous && address(query, { before: { ...previous, offset: start } }),
      next: next && address(query, { after: { ...next, offset: end } }),
    },
  };
}

/** The address of a list from its first page on. */
export function listAddress(query: ListQuery): string {
  return `/people/${listQuery(query)}`;
}

/** The query of the whole list, of all its pages; empty if nothing is chosen. */
function listQuery(query: ListQuery): string {
  return address(query).replace(/^\?$/, "");
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
