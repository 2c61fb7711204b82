import { Router } from "@koa/router";

import { parseId } from "../common/ids.ts";
import { today } from "../common/timestamps.ts";
import type { AppContext, SignedIn } from "../context.ts";
import { formatCursor, peopleQuery } from "../forms/people.ts";
import type { PeopleSort } from "../forms/people.ts";
import { orNotFound } from "../http/or-not-found.ts";
import { startOfCalendar, buildContributionCalendar } from "../rendering/contribution-calendar.ts";
import type { Cursor, PeopleQuery } from "../repositories/accounts/people.ts";
import { roleOf } from "../security/permissions.ts";

/** The members of the organization, and one member. */
export const people = new Router<SignedIn, AppContext>({ prefix: "/people" });

const pageSize = 50;

people.get("/", async (ctx) => {
  const { q, sort, after, before } = peopleQuery.parse(ctx.query);
  const page = await ctx.repositories.people.list({ search: q, ...order(sort), after, before, limit: pageSize });
  ctx.render("people/index", {
    people: page.people,
    q,
    sort,
    previous: page.previous && pageQuery(q, sort, "before", page.previous),
    next: page.next && pageQuery(q, sort, "after", page.next),
  });
});

people.get("/:id", async (ctx) => {
  const person = orNotFound(await ctx.repositories.people.find(parseId(ctx.params.id)));
  const until = today();
  const contributions = await ctx.repositories.contributions.findByUser(person.id);
  const days = await ctx.repositories.contributions.listDays(person.id, startOfCalendar(until));
  const activity = buildContributionCalendar(days, until);
  ctx.render("people/show", { person, role: roleOf(person, ctx.state.organization), contributions, activity });
});

function order(sort: PeopleSort): Pick<PeopleQuery, "sort" | "descending"> {
  return { sort: sort.replace("-", "") as PeopleQuery["sort"], descending: sort.startsWith("-") };
}

function pageQuery(q: string, sort: string, side: "after" | "before", cursor: Cursor): string {
  return `?${new URLSearchParams({ ...(q && { q }), sort, [side]: formatCursor(cursor) }).toString()}`;
}
