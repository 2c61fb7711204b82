import { Router } from "@koa/router";

import { ImageError } from "../../avatars.ts";
import type { AppContext, Context, SignedIn } from "../../context.ts";
import { receiveImage } from "../../middleware/uploads.ts";

/** One's own profile image: replaced, removed. */
export const avatar = new Router<SignedIn, AppContext>({ prefix: "/user/account/avatar" });

avatar.get("/", (ctx) => {
  ctx.redirect("/user/account/");
});

avatar.post("/", async (ctx) => {
  try {
    await ctx.repositories.avatars.replace(ctx.state.user.id, await ctx.makeAvatar(await receiveImage(ctx.req)));
    ctx.flash("Your image is saved.");
    ctx.redirect("/user/account/");
  } catch (error) {
    if (!(error instanceof ImageError)) throw error;
    showAgain(ctx, error.message);
  }
});

avatar.post("/delete", async (ctx) => {
  await ctx.repositories.avatars.remove(ctx.state.user.id);
  ctx.flash("Your image is removed.");
  ctx.redirect("/user/account/");
});

function showAgain(ctx: Context, message: string): void {
  ctx.status = 422;
  ctx.render("account/personal-info", { values: ctx.state.user, errors: { avatar: [message] } });
}
