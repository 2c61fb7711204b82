import { Router } from "@koa/router";

import { parseId } from "../common/ids.ts";
import type { AppContext, SignedIn } from "../context.ts";

/** Values of the parameters in an address, as they were asked for. */
type Values = Record<string, unknown>;

/**
 * Addresses of Label Studio's pages, and our own from before, each with our page about the same thing. What is not here, such as
 * webhooks, leads to the page it would be found on.
 */
export const movedAddresses: Record<string, string | ((values: Values) => string)> = {
  "/projects/:id/data": ({ id, task, labeling, tab }) => {
    if (parseId(task)) return `${projectPath(id)}/tasks/${parseId(task)}`;
    if (labeling) return `${projectPath(id)}/label`;
    return parseId(tab) ? `${projectPath(id)}?view=${parseId(tab)}` : projectPath(id);
  },
  "/projects/:id/data/import": ({ id }) => `${projectPath(id)}/import`,
  "/projects/:id/data/export": ({ id }) => `${projectPath(id)}/export`,
  "/projects/:id/settings/labeling": ({ id }) => `${projectPath(id)}/settings#questions-title`,
  "/projects/:id/settings/instruction": ({ id }) => `${projectPath(id)}/settings#labeling-title`,
  "/projects/:id/settings/annotation": ({ id }) => `${projectPath(id)}/settings#labeling-title`,
  "/projects/:id/settings/danger-zone": ({ id }) => `${projectPath(id)}/settings#delete-title`,
  "/projects/:id/settings/:section": ({ id }) => `${projectPath(id)}/settings`,
  "/organization": "/people/",
  "/organization/webhooks": "/organization/general",
  "/models": "/projects/",
  "/user/account/organization": "/organization/general",
  "/user/account/access-token-settings": "/organization/access",
};

/** Leads from old addresses to pages. */
export const moved = new Router<SignedIn, AppContext>();

for (const [address, target] of Object.entries(movedAddresses))
  moved.get(address, (ctx) => {
    ctx.redirect(typeof target === "string" ? target : target({ ...ctx.query, ...ctx.params }));
  });

/** What is no id becomes 0, which no project has. */
function projectPath(id: unknown): string {
  return `/projects/${parseId(id)}`;
}
