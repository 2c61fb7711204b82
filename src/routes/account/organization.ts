import { Router } from "@koa/router";

import { version } from "../../common/package.ts";
import type { AppContext, Context, SignedIn } from "../../context.ts";
import { organizationForm } from "../../forms/account.ts";
import { submit } from "../../forms/form.ts";
import { defaultOrganizationTitle } from "../../repositories/accounts/organizations.ts";

/** The organization's name, which every member may change, and what is known of it. */
export const accountOrganization = new Router<SignedIn, AppContext>({ prefix: "/user/account/organization" });

accountOrganization.get("/", async (ctx) => {
  const { title } = ctx.state.organization;
  await renderOrganization(ctx, { values: { title: title === defaultOrganizationTitle ? "" : title } });
});

accountOrganization.post("/", async (ctx) => {
  const { user, organization } = ctx.state;
  const form = await submit(organizationForm, ctx.request.body);
  if (form.ok) {
    await ctx.repositories.organizations.update(organization.id, form.data);
    ctx.log.info({ event: "organization_renamed", user: user.id, ip: ctx.ip }, "organization renamed");
    ctx.flash("Saved");
    ctx.redirect("/user/account/organization");
  } else {
    ctx.status = 422;
    await renderOrganization(ctx, form);
  }
});

async function renderOrganization(
  ctx: Pick<Context, "repositories" | "render"> & { state: SignedIn },
  locals: Record<string, unknown>,
): Promise<void> {
  const { created_by_id } = ctx.state.organization;
  const owner = created_by_id === null ? undefined : await ctx.repositories.users.find(created_by_id);
  ctx.render("account/organization", { owner, version, ...locals });
}
