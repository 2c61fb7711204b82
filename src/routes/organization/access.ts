import { Router } from "@koa/router";
import type * as z from "zod";

import { daysFromNow } from "../../common/timestamps.ts";
import type { AppContext, Context, SignedIn } from "../../context.ts";
import { invalidForm, submit } from "../../forms/form.ts";
import type { FormResult } from "../../forms/form.ts";
import { accessSettingsForm } from "../../forms/organization.ts";
import { recordEvent } from "../../http/record-event.ts";
import { sessionLimits, tokenLimits, twoFactorChoices } from "../../pages/lifetimes.ts";
import type { SessionPolicy, TokenSettings } from "../../repositories/accounts/organizations.ts";
import { decideSignupPolicy } from "../../security/signup-policy.ts";
import type { SignupPolicy, SignupSettings } from "../../security/signup-policy.ts";

/** Who gets into the organization, and how: the settings of tokens and sessions, which every member may change. */
export const organizationAccess = new Router<SignedIn, AppContext>({ prefix: "/organization/access" });

organizationAccess.get("/", (ctx) => {
  const { organization } = ctx.state;
  const signup_policy = decideSignupPolicy(organization, ctx.config).name;
  const two_factor = organization.two_factor_required_from ? "keep" : "optional";
  renderSettings(ctx, { values: { ...organization, signup_policy, two_factor } });
});

organizationAccess.post("/", async (ctx) => {
  const policy = decideSignupPolicy(ctx.state.organization, ctx.config);
  const submitted = await submit(accessSettingsForm(policy), ctx.request.body);
  const form = submitted.ok ? requireOwnTwoFactor(ctx, submitted) : submitted;
  if (form.ok) {
    await saveSettings(ctx, form.data, policy);
    ctx.flash("Saved");
    ctx.redirect("/organization/access");
  } else {
    ctx.status = 422;
    renderSettings(ctx, form);
  }
});

type AccessSettings = z.output<ReturnType<typeof accessSettingsForm>>;

/** A person who requires a second factor of everybody has to have one, so that nobody is asked for what was never tried. */
function requireOwnTwoFactor(
  ctx: Pick<Context, "request"> & { state: SignedIn },
  form: FormResult<AccessSettings> & { ok: true },
): FormResult<AccessSettings> {
  const isRequiring = !["keep", "optional", undefined].includes(form.data.two_factor);
  if (!isRequiring || ctx.state.has_two_factor) return form;
  return invalidForm(ctx.request.body, { two_factor: ["Set up two-factor for yourself first, in your own settings."] });
}

/** Everybody needs a second factor so many days from now on. */
async function saveTwoFactor(
  ctx: Parameters<typeof recordEvent>[0] & { state: SignedIn },
  choice: AccessSettings["two_factor"],
): Promise<void> {
  const { id, two_factor_required_from: before } = ctx.state.organization;
  if (choice === undefined || choice === "keep" || (choice === "optional" && before === null)) return;
  const required_from = choice === "optional" ? null : daysFromNow(Number(choice));
  await ctx.repositories.organizations.update(id, { two_factor_required_from: required_from });
  await recordEvent(ctx, "two_factor_requirement_changed", { required_from });
}

async function saveSettings(
  ctx: Parameters<typeof recordEvent>[0] & { state: SignedIn },
  { two_factor, ...data }: AccessSettings,
  before: SignupPolicy,
): Promise<void> {
  const { signup_policy, signup_domains, max_session_age, max_time_between_activity, api_key_ttl_days, ...others } =
    data;
  const { organization } = ctx.state;
  const { organizations } = ctx.repositories;
  const tokens = pickChanges<TokenSettings>({ ...others, api_key_ttl_days }, organization);
  if (Object.keys(tokens).length > 0) {
    await organizations.update(organization.id, tokens);
    await recordEvent(ctx, "token_settings_changed", tokens);
  }
  // A choice that the server's configuration made, and the form sent back, is not the organization's.
  const chosen = signup_policy === before.name ? organization.signup_policy : signup_policy;
  const signup = pickChanges<SignupSettings>({ signup_policy: chosen, signup_domains }, organization);
  if (Object.keys(signup).length > 0) {
    await organizations.update(organization.id, signup);
    await recordEvent(ctx, "signup_policy_changed", signup);
  }
  const policy = pickChanges<SessionPolicy>({ max_session_age, max_time_between_activity }, organization);
  if (Object.keys(policy).length > 0) {
    await organizations.updateSessionPolicy(organization.id, policy);
    await recordEvent(ctx, "session_policy_changed", policy);
  }
  await saveTwoFactor(ctx, two_factor);
}

/** The settings that were sent and are not as they were. */
function pickChanges<Settings extends SignupSettings | SessionPolicy | TokenSettings>(
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
  const { two_factor_required_from } = ctx.state.organization;
  ctx.render("organization/access", {
    policy: decideSignupPolicy(ctx.state.organization, ctx.config),
    lifetimes: tokenLimits(api_token_ttl_days),
    key_lifetimes: tokenLimits(api_key_ttl_days),
    two_factor_choices: twoFactorChoices(two_factor_required_from),
    idle_limits: sessionLimits(max_time_between_activity),
    age_limits: sessionLimits(max_session_age),
    ...locals,
  });
}
