import { Router } from "@koa/router";

import { parseId } from "../common/ids.ts";
import { today } from "../common/timestamps.ts";
import type { AppContext, Context, SignedIn } from "../context.ts";
import { phonePattern } from "../forms/account.ts";
import { peopleQuery } from "../forms/people.ts";
import { stripPrefix } from "../http/base-url.ts";
import { orNotFound } from "../http/or-not-found.ts";
import { refererOfThisSite } from "../middleware/same-origin.ts";
import { buildPeopleList, toPeopleQuery } from "../pages/people-list.ts";
import { startOfCalendar, buildContributionCalendar } from "../rendering/contribution-calendar.ts";
import { roleOf } from "../security/permissions.ts";

/** The members of the organization, and one member. */
export const people = new Router<SignedIn, AppContext>({ prefix: "/people" });

people.get("/", async (ctx) => {
  const { organization } = ctx.state;
  const query = peopleQuery.parse(ctx.query);
  const page = await ctx.repositories.people.list(toPeopleQuery(query, organization));
  const { never } = await ctx.repositories.people.counts();
  const counts = { everyone: organization.member_count, owner: organization.created_by_id === null ? 0 : 1, never };
  ctx.render("people/index", buildPeopleList(query, page, counts));
});

people.get("/:id", async (ctx) => {
  const found = await ctx.repositories.people.find(parseId(ctx.params.id));
  const person = orNotFound(found?.status === "removed" ? undefined : found);
  const until = today();
  const contributions = await ctx.repositories.contributions.findByUser(person.id);
  const days = await ctx.repositories.contributions.listDays(person.id, startOfCalendar(until));
  const activity = buildContributionCalendar(days, until);
  const role = roleOf(person, ctx.state.organization);
  const phone_href = phonePattern.test(person.phone) ? `tel:${person.phone.replace(/[^\p{Nd}+]/gu, "")}` : undefined;
  ctx.render("people/show", { person, role, phone_href, contributions, activity, list: listAddress(ctx) });
});

/** The list that the reader came from, with its search, filter, order and page. */
function listAddress(ctx: Context): string {
  const page = refererOfThisSite(ctx);
  const isList = page && /^\/people\/?$/.test(stripPrefix(page.pathname, ctx.config.base_path));
  return isList ? `/people/${page.search}` : "/people/";
}
