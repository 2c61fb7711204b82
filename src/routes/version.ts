import { Router } from "@koa/router";

import { versions } from "../common/package.ts";
import type { AppContext, Visitor } from "../context.ts";

/** The versions, without log-in; nothing of the configuration. */
export const version = new Router<Visitor, AppContext>();

version.get("/version", (ctx) => {
  ctx.render("version", { versions: JSON.stringify(versions(), null, 2) });
});
