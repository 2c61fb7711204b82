import { Router } from "@koa/router";

import type { AppContext, Context, SignedIn } from "../../context.ts";
import { invalidForm, submit } from "../../forms/form.ts";
import type { FormResult } from "../../forms/form.ts";
import { recoveryFileForm, twoFactorForm } from "../../forms/two-factor.ts";
import { ownPasswordErrors, submitWithPassword } from "../../http/reauthentication.ts";
import { recordEvent } from "../../http/record-event.ts";
import { sendAfterAnswer } from "../../http/send-after-answer.ts";
import { isTwoFactorOverdue } from "../../http/two-factor-requirement.ts";
import { twoFactorDisabledMessage } from "../../mail/messages.ts";
import { renewOwnSession } from "../../middleware/sessions.ts";
import { organizationName } from "../../rendering/display-names.ts";
import { qrCode } from "../../rendering/qr-code.ts";
import { recoveryCodeCount } from "../../repositories/accounts/two-factor.ts";
import { totpUri } from "../../security/totp.ts";

/** The user's second factor: setting it up, turning it off, and recovery codes. */
export const twoFactor = new Router<SignedIn, AppContext>({ prefix: "/user/account/two-factor" });

const page = "/user/account/two-factor";

twoFactor.get("/", async (ctx) => {
  await renderPage(ctx);
});

/** Recovery codes are shown in this answer and never again, so it is no redirect; a form that is sent again leads to the page. */
twoFactor.post("/", async (ctx) => {
  const { user } = ctx.state;
  const form = await submitWithPassword(ctx, twoFactorForm);
  if (!form.ok) return refuse(ctx, form);
  const { sealed, code } = form.data;
  const enabled = await ctx.repositories.twoFactor.enable(user.id, sealed, code);
  if (Array.isArray(enabled)) {
    await endOtherSessions(ctx);
    await recordEvent(ctx, "authn_mfa_enabled");
    ctx.state.has_two_factor = true;
    await renderPage(ctx, { codes: enabled, is_new: true });
  } else if (enabled === "on") {
    ctx.flash("Two-factor is on. Recovery codes were shown once");
    ctx.redirect(page);
  } else {
    const message = enabled === "expired" ? expiredMessage : wrongCodeMessage;
    await refuse(ctx, invalidForm(ctx.request.body, { code: [message] }));
  }
});

twoFactor.post("/delete", async (ctx) => {
  const { user, organization } = ctx.state;
  if (!(await confirm(ctx, "delete"))) return;
  if (await ctx.repositories.twoFactor.disable(user.id)) {
    await endOtherSessions(ctx);
    await recordEvent(ctx, "authn_mfa_disabled");
    const details = { organization: organizationName(organization), by_owner: false };
    sendAfterAnswer(ctx, async () => twoFactorDisabledMessage(user.email, details));
  }
  ctx.flash("Two-factor turned off");
  ctx.redirect(page);
});

twoFactor.post("/recovery-codes", async (ctx) => {
  if (!(await confirm(ctx, "recovery-codes"))) return;
  const codes = await ctx.repositories.twoFactor.renewCodes(ctx.state.user.id);
  if (!codes) return ctx.redirect(page);
  await recordEvent(ctx, "authn_recovery_codes_created");
  await renderPage(ctx, { codes });
});

/** The codes that the page shows as a file. Only the page has them, so they come from there. */
twoFactor.post("/recovery-codes/file", async (ctx) => {
  const form = await submit(recoveryFileForm, ctx.request.body);
  if (!form.ok) return ctx.redirect(page);
  ctx.attachment("atelier-recovery-codes.txt");
  ctx.type = "text/plain";
  ctx.body = `${form.data.codes.trim().replaceAll(/\r?\n/g, "\n")}\n`;
});

const expiredMessage = "This page was open for too long. Scan the new picture, and type its code.";
const wrongCodeMessage = "This code doesn't match. Type the newest one; your phone's clock has to be right.";

type PageContext = Pick<Context, "render" | "repositories"> & { state: SignedIn };

/** Whether the password was typed; answers with the question again if not. */
async function confirm(
  ctx: PageContext & Pick<Context, "request" | "status">,
  question: "delete" | "recovery-codes",
): Promise<boolean> {
  const errors = await ownPasswordErrors(ctx);
  if (!errors) return true;
  ctx.status = 422;
  await renderPage(ctx, { asked: question, errors });
  return false;
}

/** Anyone who got in with the password alone is logged out; this session goes on under a new id. */
async function endOtherSessions(ctx: Context & { state: SignedIn }): Promise<void> {
  const { user, current_session } = ctx.state;
  await ctx.repositories.sessions.deleteMany(user.id, { all_but: current_session?.id ?? 0 });
  await renewOwnSession(ctx, user.id);
}

async function refuse(ctx: PageContext & Pick<Context, "status">, form: FormResult<unknown>): Promise<void> {
  ctx.status = 422;
  if (!form.ok) await renderPage(ctx, { errors: form.errors, sealed: form.values["sealed"] });
}

async function renderPage(
  ctx: PageContext,
  { sealed, ...locals }: { sealed?: unknown; [name: string]: unknown } = {},
): Promise<void> {
  const { user, organization } = ctx.state;
  const { twoFactor } = ctx.repositories;
  const two_factor = await twoFactor.find(user.id);
  const proposed = two_factor
    ? undefined
    : await twoFactor.propose(user.id, typeof sealed === "string" ? sealed : undefined);
  const issuer = organizationName(organization);
  ctx.render("account/two-factor", {
    two_factor,
    recovery_code_count: recoveryCodeCount,
    is_overdue: isTwoFactorOverdue(ctx.state),
    ...(proposed && {
      sealed: proposed.sealed,
      secret: proposed.secret.replaceAll(/(.{4})(?=.)/g, "$1 "),
      qr_code: await qrCode(await totpUri(proposed.secret, { issuer, email: user.email })),
    }),
    ...locals,
  });
}
