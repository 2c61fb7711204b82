import { Router } from "@koa/router";

import type { AppContext, SignedIn } from "../../context.ts";
import { assertCanManagePeople } from "../../http/owner-only.ts";
import { ownPasswordErrors } from "../../http/reauthentication.ts";
import { recordEvent } from "../../http/record-event.ts";
import { renderGeneral } from "../../pages/organization-general.ts";

/** What ends something for everybody at once, when somebody may have got in. For the owner, who types the password for it. */
export const dangerZone = new Router<SignedIn, AppContext>({ prefix: "/organization/danger-zone" });

dangerZone.post("/log-out", async (ctx) => {
  assertCanManagePeople(ctx);
  const errors = await ownPasswordErrors(ctx);
  if (errors) return renderGeneral(ctx, { asked: "log-out", errors });
  const { sessions } = ctx.repositories;
  const count = await sessions.deleteAllBut(ctx.state.current_session?.id ?? 0);
  await recordEvent(ctx, "session_ended", { everybody: true, sessions: count });
  ctx.flash("Everyone else is logged out");
  ctx.redirect("/organization/general");
});

dangerZone.post("/revoke-tokens", async (ctx) => {
  assertCanManagePeople(ctx);
  const errors = await ownPasswordErrors(ctx);
  if (errors) return renderGeneral(ctx, { asked: "revoke-tokens", errors });
  await ctx.repositories.accountStatus.endAllTokens();
  await recordEvent(ctx, "authn_token_revoked", { everybody: true });
  ctx.flash("All keys and tokens are revoked");
  ctx.redirect("/organization/general");
});
