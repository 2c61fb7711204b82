import { Router } from "@koa/router";

import type { AppContext, Context, SignedIn } from "../../context.ts";
import { accountForm } from "../../forms/account.ts";
import { invalidForm, submit } from "../../forms/form.ts";
import { receiveImageForm } from "../../uploads/image-form.ts";
import type { ImageForm } from "../../uploads/image-form.ts";

/**
 * Account & Settings: name, phone and profile image, from the page's multipart form or Label Studio's urlencoded one.
 */
export const personalInfo = new Router<SignedIn, AppContext>({ prefix: "/user/account" });

personalInfo.get(["/", "/personal-info"], (ctx) => {
  ctx.render("account/personal-info", { values: ctx.state.user });
});

personalInfo.post(["/", "/personal-info"], async (ctx) => {
  const { user } = ctx.state;
  const input = await readForm(ctx);
  const form = await submit(accountForm, input.fields);
  const made = form.ok && input.image ? await ctx.makeAvatar(input.image) : { error: input.error };
  if (form.ok && !made.error) {
    await ctx.repositories.users.update(user.id, form.data);
    if (made.avatar) await ctx.repositories.avatars.replace(user.id, made.avatar);
    ctx.flash("Saved");
    ctx.redirect("/user/account/");
  } else {
    ctx.status = 422;
    ctx.render("account/personal-info", made.error ? invalidForm(input.fields, { avatar: [made.error] }) : form);
  }
});

personalInfo.post("/avatar/delete", async (ctx) => {
  await ctx.repositories.avatars.remove(ctx.state.user.id);
  ctx.flash("Picture removed");
  ctx.redirect("/user/account/");
});

// Sections of Label Studio that are not here, such as hotkeys.
personalInfo.get("/:section", (ctx) => {
  ctx.redirect("/user/account/");
});

async function readForm(
  ctx: Pick<Context, "is" | "req" | "request">,
): Promise<Omit<ImageForm, "fields"> & { fields: unknown }> {
  if (ctx.is("multipart")) return receiveImageForm(ctx.req);
  return { fields: ctx.request.body, image: undefined, error: undefined, is_too_large: false };
}
