import { Router } from "@koa/router";

import { parseId } from "../common/ids.ts";
import type { AppContext, Context, SignedIn } from "../context.ts";
import { ownPasswordErrors } from "../http/reauthentication.ts";
import { findOther } from "../pages/person-page.ts";
import { deleteAccount, sendTakeOut, startTakeOut } from "../pages/personal-data.ts";
import { nameOrEmail } from "../rendering/display-names.ts";
import type { Person } from "../repositories/accounts/people.ts";

/** For the owner: taking somebody's data out, and deleting their account. */
export const personData = new Router<SignedIn, AppContext>({ prefix: "/people/:id/data" });

personData.get("/", async (ctx) => {
  await render(ctx, await findOther(ctx, parseId(ctx.params.id)));
});

personData.post("/", async (ctx) => {
  const other = await findOther(ctx, parseId(ctx.params.id));
  await startTakeOut(ctx, other);
  ctx.redirect(`/people/${other.id}/data`);
});

personData.get("/download", async (ctx) => {
  await sendTakeOut(ctx, await findOther(ctx, parseId(ctx.params.id)));
});

personData.post("/delete", async (ctx) => {
  const other = await findOther(ctx, parseId(ctx.params.id));
  const errors = await ownPasswordErrors(ctx);
  if (errors) {
    ctx.status = 422;
    await render(ctx, other, errors);
  } else {
    await deleteAccount(ctx, other);
    ctx.flash(`Account of ${nameOrEmail(other)} deleted`);
    ctx.redirect("/people/");
  }
});

async function render(
  ctx: Pick<Context, "render" | "repositories">,
  person: Person,
  errors?: Record<string, string[]>,
): Promise<void> {
  ctx.render("people/data", { person, take_out: await ctx.repositories.takeOuts.findByUser(person.id), errors });
}
