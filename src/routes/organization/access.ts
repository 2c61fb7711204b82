import { Router } from "@koa/router";
import type { z } from "zod";

import type { AppContext, Context, SignedIn } from "../../context.ts";
import { submit } from "../../forms/form.ts";
import { accessSettingsForm } from "../../forms/organization.ts";
import { recordEvent } from "../../http/record-event.ts";
import { sessionLimits, tokenLimits } from "../../pages/lifetimes.ts";
import type { SessionPolicy } from "../../repositories/accounts/organizations.ts";

/** Who gets into the organization, and how: the settings of tokens and sessions, which every member may change. */
export const organizationAccess = new Router<SignedIn, AppContext>({ prefix: "/organization/access" });

organizationAccess.get("/", (ctx) => {
  renderSettings(ctx, { values: ctx.state.organization });
});

organizationAccess.post("/", async (ctx) => {
  const form = await submit(accessSettingsForm, ctx.request.body);
  if (form.ok) {
    await saveSettings(ctx, form.data);
    ctx.flash("Saved");
    ctx.redirect("/organization/access");
  } else {
    ctx.status = 422;
    renderSettings(ctx, form);
  }
});

async function saveSettings(
  ctx: Parameters<typeof recordEvent>[0] & { state: SignedIn },
  { max_session_age, max_time_between_activity, ...tokens }: z.output<typeof accessSettingsForm>,
): Promise<void> {
  const { organization } = ctx.state;
  const { organizations } = ctx.repositories;
  await organizations.updateTokenSettings(organization.id, tokens);
  const policy = pickChanges({ max_session_age, max_time_between_activity }, organization);
  if (Object.keys(policy).length > 0) await organizations.updateSessionPolicy(organization.id, policy);
  await recordEvent(ctx, "token_settings_changed", { ...tokens, ...policy });
}

/** The parts of the session policy that were sent and are not as they were. */
function pickChanges(sent: Partial<SessionPolicy>, stored: SessionPolicy): Partial<SessionPolicy> {
  return Object.fromEntries(
    Object.entries(sent).filter(
      ([name, minutes]) => minutes !== undefined && minutes !== stored[name as keyof SessionPolicy],
    ),
  );
}

function renderSettings(
  ctx: Pick<Context, "config" | "render"> & { state: SignedIn },
  locals: Record<string, unknown>,
): void {
  const signup_is_open = !ctx.config.disable_signup_without_link;
  const { api_token_ttl_days, max_time_between_activity, max_session_age } = ctx.state.organization;
  ctx.render("organization/access", {
    signup_is_open,
    lifetimes: tokenLimits(api_token_ttl_days),
    idle_limits: sessionLimits(max_time_between_activity),
    age_limits: sessionLimits(max_session_age),
    ...locals,
  });
}
