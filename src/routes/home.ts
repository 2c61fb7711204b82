import { Router } from "@koa/router";

import type { AppContext, SignedIn } from "../context.ts";
import { nameForm } from "../forms/account.ts";
import { submit } from "../forms/form.ts";
import { splitName } from "../forms/signup.ts";
import { renderHome } from "../pages/home-page.ts";

/** The home page, and the name of somebody who has none yet. */
export const home = new Router<SignedIn, AppContext>();

home.get("/", async (ctx) => {
  await renderHome(ctx);
});

home.post("/", async (ctx) => {
  const form = await submit(nameForm, ctx.request.body);
  if (form.ok) {
    await ctx.repositories.users.update(ctx.state.user.id, splitName(form.data.name));
    ctx.flash("Saved");
    ctx.redirect("/");
  } else {
    ctx.status = 422;
    await renderHome(ctx, form);
  }
});
