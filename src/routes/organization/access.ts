import { Router } from "@koa/router";
import type { z } from "zod";

import type { AppContext, Context, SignedIn } from "../../context.ts";
import { submit } from "../../forms/form.ts";
import { accessSettingsForm } from "../../forms/organization.ts";
import { recordEvent } from "../../http/record-event.ts";
import { sessionLimits, tokenLimits } from "../../pages/lifetimes.ts";
import type { SessionPolicy } from "../../repositories/accounts/organizations.ts";
import { decideSignupPolicy } from "../../security/signup-policy.ts";
import type { SignupPolicy, SignupSettings } from "../../security/signup-policy.ts";

/** Who gets into the organization, and how: the settings of tokens and sessions, which every member may change. */
export const organizationAccess = new Router<SignedIn, AppContext>({ prefix: "/organization/access" });

organizationAccess.get("/", (ctx) => {
  const { organization } = ctx.state;
  const signup_policy = decideSignupPolicy(organization, ctx.config).name;
  renderSettings(ctx, { values: { ...organization, signup_policy } });
});

organizationAccess.post("/", async (ctx) => {
  const policy = decideSignupPolicy(ctx.state.organization, ctx.config);
  const form = await submit(accessSettingsForm(policy), ctx.request.body);
  if (form.ok) {
    await saveSettings(ctx, form.data, policy);
    ctx.flash("Saved");
    ctx.redirect("/organization/access");
  } else {
    ctx.status = 422;
    renderSettings(ctx, form);
  }
});

async function saveSettings(
  ctx: Parameters<typeof recordEvent>[0] & { state: SignedIn },
  data: z.output<ReturnType<typeof accessSettingsForm>>,
  before: SignupPolicy,
): Promise<void> {
  const { signup_policy, signup_domains, max_session_age, max_time_between_activity, api_key_ttl_days, ...others } =
    data;
  const { organization } = ctx.state;
  const { organizations } = ctx.repositories;
  const tokens = { ...others, ...(api_key_ttl_days !== undefined && { api_key_ttl_days }) };
  await organizations.updateTokenSettings(organization.id, tokens);
  // A choice that the server's configuration made, and the form sent back, is not the organization's.
  const chosen = signup_policy === before.name ? organization.signup_policy : signup_policy;
  const signup = pickChanges<SignupSettings>({ signup_policy: chosen, signup_domains }, organization);
  if (Object.keys(signup).length > 0) {
    await organizations.updateSignupSettings(organization.id, signup);
    await recordEvent(ctx, "signup_policy_changed", signup);
  }
  const policy = pickChanges<SessionPolicy>({ max_session_age, max_time_between_activity }, organization);
  if (Object.keys(policy).length > 0) await organizations.updateSessionPolicy(organization.id, policy);
  await recordEvent(ctx, "token_settings_changed", { ...tokens, ...policy });
}

/** The settings that were sent and are not as they were. */
function pickChanges<Settings extends SignupSettings | SessionPolicy>(
  sent: { [Name in keyof Settings]: Settings[Name] | undefined },
  stored: Settings,
): Partial<Settings> {
  const changes = Object.entries(sent).filter(
    ([name, value]) => value !== undefined && value !== stored[name as keyof Settings],
  );
  return Object.fromEntries(changes) as Partial<Settings>;
}

function renderSettings(
  ctx: Pick<Context, "config" | "render"> & { state: SignedIn },
  locals: Record<string, unknown>,
): void {
  const { api_token_ttl_days, api_key_ttl_days, max_time_between_activity, max_session_age } = ctx.state.organization;
  ctx.render("organization/access", {
    policy: decideSignupPolicy(ctx.state.organization, ctx.config),
    lifetimes: tokenLimits(api_token_ttl_days),
    key_lifetimes: tokenLimits(api_key_ttl_days),
    idle_limits: sessionLimits(max_time_between_activity),
    age_limits: sessionLimits(max_session_age),
    ...locals,
  });
}
