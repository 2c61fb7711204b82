import { Router } from "@koa/router";

import type { AppContext, Visitor } from "../context.ts";
import { versions } from "../presenters/version.ts";

/** Versions only, for everybody; nothing of the configuration. */
export const version = new Router<Visitor, AppContext>();

version.get("/version", (ctx) => {
  ctx.render("version", { versions: JSON.stringify(versions(), null, 2) });
});
