import { Router } from "@koa/router";

import { version } from "../../common/package.ts";
import type { AppContext, Context, SignedIn } from "../../context.ts";
import { submit } from "../../forms/form.ts";
import { formerMembersForm, organizationForm } from "../../forms/organization.ts";
import { assertCanManagePeople } from "../../http/owner-only.ts";
import { recordEvent } from "../../http/record-event.ts";
import { canManagePeople } from "../../security/permissions.ts";
import { hasLabelStudioTitle } from "../../repositories/accounts/organizations.ts";

/** The organization's name, which every member may change, and what is known of it. */
export const organizationGeneral = new Router<SignedIn, AppContext>({ prefix: "/organization/general" });

organizationGeneral.get("/", async (ctx) => {
  const { organization } = ctx.state;
  await renderGeneral(ctx, { values: { title: hasLabelStudioTitle(organization) ? "" : organization.title } });
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
    ctx.status = 422;
    await renderGeneral(ctx, form);
  }
});

organizationGeneral.post("/former-members", async (ctx) => {
  assertCanManagePeople(ctx);
  const { keep_names_of_former_members } = formerMembersForm.parse(Object(ctx.request.body));
  await ctx.repositories.organizations.keepNamesOfFormerMembers(
    ctx.state.organization.id,
    keep_names_of_former_members,
  );
  await recordEvent(ctx, "former_names_changed", { keep_names_of_former_members });
  ctx.flash("Saved");
  ctx.redirect("/organization/general");
});

async function renderGeneral(
  ctx: Pick<Context, "repositories" | "render"> & { state: SignedIn },
  locals: Record<string, unknown>,
): Promise<void> {
  const { people, projects, users } = ctx.repositories;
  const { created_by_id } = ctx.state.organization;
  const owner = created_by_id === null ? undefined : await users.find(created_by_id);
  const { never: never_seen } = await people.counts();
  const project_count = await projects.count({ archived: false });
  const can_manage = canManagePeople(ctx.state.user, ctx.state.organization);
  ctx.render("organization/general", { owner, can_manage, never_seen, project_count, version, ...locals });
}
