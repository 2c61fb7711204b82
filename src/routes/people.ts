import { Readable } from "node:stream";

import { Router } from "@koa/router";

import { limits } from "../common/limits.ts";
import type { AppContext, SignedIn } from "../context.ts";
import { peopleQuery } from "../forms/people.ts";
import { buildPeopleList, listAddress, toPeopleQuery } from "../pages/people-list.ts";
import { peopleCsv } from "../pages/people-csv.ts";
import { canManagePeople } from "../security/permissions.ts";

/** The members of the organization, as a list, a file and a text of their emails. */
export const people = new Router<SignedIn, AppContext>({ prefix: "/people" });

people.get("/", async (ctx) => {
  const { organization } = ctx.state;
  const query = readQuery(ctx);
  const page = await ctx.repositories.people.list(toPeopleQuery(query, organization));
  const { removed, deactivated, never } = await ctx.repositories.people.counts();
  const counts = {
    everyone: organization.member_count,
    owner: organization.created_by_id === null ? 0 : 1,
    active: organization.member_count - deactivated,
    never,
    deactivated,
    removed: isOwner(ctx) ? removed : 0,
  };
  ctx.render("people/index", { ...buildPeopleList(query, page, counts), can_manage: isOwner(ctx) });
});

people.get("/people.csv", (ctx) => {
  const { organization } = ctx.state;
  const list = ctx.repositories.people.stream(toPeopleQuery(readQuery(ctx), organization));
  ctx.attachment("people.csv");
  ctx.type = "text/csv; charset=utf-8";
  ctx.body = Readable.from(peopleCsv(list, organization));
});

people.get("/emails", async (ctx) => {
  const query = readQuery(ctx);
  const limit = limits.copiedEmails;
  const page = await ctx.repositories.people.list({
    ...toPeopleQuery({ ...query, after: undefined, before: undefined }, ctx.state.organization),
    limit,
  });
  ctx.render("people/emails", {
    emails: page.people.map(({ email }) => email).filter(Boolean),
    limit: page.next ? limit : undefined,
    list: listAddress(query),
    q: query.q,
  });
});

/** What the address asks for; those who were removed are for the owner only. */
function readQuery(ctx: { query: unknown; state: SignedIn }) {
  const query = peopleQuery.parse(ctx.query);
  return query.show === "removed" && !isOwner(ctx) ? { ...query, show: "everyone" as const } : query;
}

function isOwner({ state: { user, organization } }: { state: SignedIn }): boolean {
  return canManagePeople(user, organization);
}
