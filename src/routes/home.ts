import { Router } from "@koa/router";

import type { AppContext, SignedIn } from "../context.ts";

/** The home page: projects and people with the latest activity. */
export const home = new Router<SignedIn, AppContext>();

home.get("/", async (ctx) => {
  const { people } = await ctx.repositories.people.list({
    search: "",
    sort: "last_activity",
    descending: true,
    limit: 5,
  });
  const projects = await ctx.repositories.projects.list(
    {},
    { order: { column: "last_activity", descending: true }, offset: 0, limit: 5 },
  );
  ctx.render("home", { people, projects });
});
