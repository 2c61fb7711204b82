import { Readable } from "node:stream";

import { Router } from "@koa/router";
import type * as z from "zod";

import { queryString } from "../../common/query-string.ts";
import { today } from "../../common/timestamps.ts";
import type { AppContext, Context, SignedIn } from "../../context.ts";
import { activityQuery } from "../../forms/events.ts";
import { assertCanManagePeople } from "../../http/owner-only.ts";
import { activityCsv } from "../../pages/activity-csv.ts";
import { emptyActivity, loadActivity, selection } from "../../pages/activity-log.ts";
import type { User } from "../../repositories/accounts/user-columns.ts";

/** What happened to all accounts and to the organization, for the owner. */
export const organizationActivity = new Router<SignedIn, AppContext>({ prefix: "/organization/activity" });

organizationActivity.use((ctx, next) => {
  assertCanManagePeople(ctx, {
    title: "Only the owner can open this",
    text: "The activity log shows where people log in from. Ask the owner of your organization.",
  });
  return next();
});

organizationActivity.get("/", async (ctx) => {
  const query = activityQuery.parse(ctx.query);
  const person = await findPerson(ctx, query);
  // Nobody has this id or email.
  const isNobody = isNarrowed(query) && !person;
  const log = isNobody ? emptyActivity(query) : await loadActivity(ctx, query, person);
  ctx.render("organization/activity", {
    ...log,
    person,
    q: query.q,
    show: query.show,
    parameters: queryString({ show: query.show, user: query.user, q: query.q }),
    is_narrowed: isNarrowed(query),
    event_retention_days: ctx.config.event_retention_days,
  });
});

organizationActivity.get("/csv", async (ctx) => {
  const query = activityQuery.parse(ctx.query);
  const person = await findPerson(ctx, query);
  const isNobody = isNarrowed(query) && !person;
  ctx.attachment(`activity-${today()}.csv`);
  ctx.type = "text/csv; charset=utf-8";
  ctx.body = Readable.from(isNobody ? [] : activityCsv(ctx.repositories, selection(query, person)));
});

type Query = z.output<typeof activityQuery>;

/** Whether the log is to show one person alone. */
function isNarrowed({ user, q }: Query): boolean {
  return user !== undefined || q !== "";
}

/** By id or email; people who were removed are found, too. */
async function findPerson(
  { repositories: { users } }: Pick<Context, "repositories">,
  { user, q }: Query,
): Promise<User | undefined> {
  if (q) return users.findByEmail(q);
  return user === undefined ? undefined : users.find(user);
}
