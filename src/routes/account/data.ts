import { Router } from "@koa/router";

import type { AppContext, Context, SignedIn } from "../../context.ts";
import { ownPasswordErrors } from "../../http/reauthentication.ts";
import { endSession } from "../../middleware/sessions.ts";
import { deleteAccount, sendTakeOut, startTakeOut } from "../../pages/personal-data.ts";
import { roleOf } from "../../security/permissions.ts";

/** Taking one's data out, and deleting one's account. */
export const accountData = new Router<SignedIn, AppContext>({ prefix: "/user/account/data" });

accountData.get("/", (ctx) => render(ctx));

accountData.post("/", async (ctx) => {
  await startTakeOut(ctx, ctx.state.user);
  ctx.redirect("/user/account/data");
});

accountData.get("/download", (ctx) => sendTakeOut(ctx, ctx.state.user));

accountData.post("/delete", async (ctx) => {
  const errors = await ownPasswordErrors(ctx);
  if (errors) {
    ctx.status = 422;
    await render(ctx, errors);
  } else {
    await deleteAccount(ctx, ctx.state.user);
    await endSession(ctx, "Account deleted");
    ctx.redirect("/user/login/");
  }
});

async function render(
  ctx: Pick<Context, "render" | "repositories"> & { state: SignedIn },
  errors?: Record<string, string[]>,
): Promise<void> {
  const { user, organization } = ctx.state;
  ctx.render("account/data", {
    take_out: await ctx.repositories.takeOuts.findByUser(user.id),
    is_owner: roleOf(user, organization) === "Owner",
    errors,
  });
}
