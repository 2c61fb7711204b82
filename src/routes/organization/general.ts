import { Router } from "@koa/router";

import type { AppContext, SignedIn } from "../../context.ts";
import { submit } from "../../forms/form.ts";
import { formerMembersForm, organizationForm } from "../../forms/organization.ts";
import { assertCanManagePeople } from "../../http/owner-only.ts";
import { recordEvent } from "../../http/record-event.ts";
import { renderGeneral } from "../../pages/organization-general.ts";

/** The organization's name, which every member may change, and what is known of it. */
export const organizationGeneral = new Router<SignedIn, AppContext>({ prefix: "/organization/general" });

organizationGeneral.get("/", async (ctx) => {
  await renderGeneral(ctx);
});

organizationGeneral.post("/", async (ctx) => {
  const { organization } = ctx.state;
  const form = await submit(organizationForm, ctx.request.body);
  if (form.ok) {
    await ctx.repositories.organizations.update(organization.id, form.data);
    await recordEvent(ctx, "organization_renamed", form.data);
    ctx.flash("Saved");
    ctx.redirect("/organization/general");
  } else {
    await renderGeneral(ctx, form);
  }
});

organizationGeneral.post("/former-members", async (ctx) => {
  assertCanManagePeople(ctx);
  const { keep_names_of_former_members } = formerMembersForm.parse(Object(ctx.request.body));
  await ctx.repositories.organizations.update(ctx.state.organization.id, { keep_names_of_former_members });
  await recordEvent(ctx, "former_names_changed", { keep_names_of_former_members });
  ctx.flash("Saved");
  ctx.redirect("/organization/general");
});
