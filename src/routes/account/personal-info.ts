import { Router } from "@koa/router";

import type { AppContext, Context, SignedIn } from "../../context.ts";
import { accountForm } from "../../forms/account.ts";
import { refuse, submit } from "../../forms/form.ts";
import { receiveImageForm } from "../../uploads/image-form.ts";
import type { ImageForm } from "../../uploads/image-form.ts";

/** Account & Settings: the person's own name, phone and image. Upstream's plain form of the same page, too. */
export const personalInfo = new Router<SignedIn, AppContext>({ prefix: "/user/account" });

personalInfo.get(["/", "/personal-info"], (ctx) => {
  ctx.render("account/personal-info", { values: ctx.state.user });
});

personalInfo.post(["/", "/personal-info"], async (ctx) => {
  const { user } = ctx.state;
  const sent = await received(ctx);
  const form = await submit(accountForm, sent.fields);
  const made = form.ok && sent.image ? await ctx.makeAvatar(sent.image) : { refused: sent.refused };
  if (form.ok && !made.refused) {
    await ctx.repositories.users.update(user.id, form.data);
    if (made.avatar) await ctx.repositories.avatars.replace(user.id, made.avatar);
    ctx.flash("Saved.");
    ctx.redirect("/user/account/");
  } else {
    ctx.status = 422;
    ctx.render("account/personal-info", made.refused ? refuse(sent.fields, { avatar: [made.refused] }) : form);
  }
});

personalInfo.post("/avatar/delete", async (ctx) => {
  await ctx.repositories.avatars.remove(ctx.state.user.id);
  ctx.flash("Your image is removed.");
  ctx.redirect("/user/account/");
});

// Sections that upstream has and we have not, such as hotkeys.
personalInfo.get("/:section", (ctx) => {
  ctx.redirect("/user/account/");
});

async function received(
  ctx: Pick<Context, "is" | "req" | "request">,
): Promise<Omit<ImageForm, "fields"> & { fields: unknown }> {
  if (ctx.is("multipart")) return receiveImageForm(ctx.req);
  return { fields: ctx.request.body, image: undefined, refused: undefined, is_too_large: false };
}
