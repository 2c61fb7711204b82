import { Router } from "@koa/router";

import type { AppContext, SignedIn } from "../context.ts";

/** Help on the pages themselves. */
export const help = new Router<SignedIn, AppContext>({ prefix: "/help" });

help.get("/shortcuts", (ctx) => {
  ctx.render("help/shortcuts");
});
