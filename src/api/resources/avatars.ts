import createError from "http-errors";
import * as z from "zod";

import { receiveImageForm } from "../../uploads/image-form.ts";
import { endpoint } from "../endpoint.ts";
import type { RequestContext, Resource } from "../endpoint.ts";
import { findMember } from "../find-records.ts";

/** The media types that Label Studio accepts; the content is checked when the image is decoded. */
const imageTypes = /^image\/(png|jpe?g|gif)$/i;

/** The profile image of the user who makes the request. */
export const avatars: Resource[] = [
  {
    path: "/api/users/:id/avatar/",
    tag: "Users",
    allow: "POST, DELETE",
    POST: endpoint({
      summary: "Set your profile image",
      description: "PNG, JPEG or GIF, at most 1200 x 1200 pixels and 1024 KB.",
      python: 'requests.post(f"{url}/api/users/1/avatar/", headers=headers, files={"avatar": open("me.png", "rb")})',
      requestContent: { "multipart/form-data": z.object({ avatar: z.file() }) },
      response: z.object({ detail: z.string() }),
      errors: { 400: "no image, or an unusable one", 403: "not your own record" },
      async handle(ctx, { params }) {
        const user_id = await requireSelf(ctx, params.id);
        const form = ctx.is("multipart") ? await receiveImageForm(ctx.req) : undefined;
        if (!form?.image) throw createError(400, form?.error ?? "No image arrived: send one as multipart/form-data.");
        if (form.image.bytes.length === 0) throw createError(400, "This image is empty. Choose another one.");
        if (!imageTypes.test(form.image.type ?? ""))
          throw createError(400, "Choose a PNG, JPEG or GIF image. Its Content-Type must say so, too.");
        const { avatar, error } = await ctx.makeAvatar(form.image);
        if (!avatar) throw createError(400, error ?? "This image can't be used.");
        await ctx.repositories.avatars.replace(user_id, avatar);
        return { detail: "avatar saved" };
      },
    }),
    DELETE: endpoint({
      summary: "Remove your profile image",
      python: 'requests.delete(f"{url}/api/users/1/avatar/", headers=headers)',
      status: 204,
      errors: { 403: "not your own record" },
      async handle(ctx, { params }) {
        await ctx.repositories.avatars.remove(await requireSelf(ctx, params.id));
      },
    }),
  },
];

/** Returns the id, or throws a 404 or 403 unless it is the id of the user who makes the request. */
async function requireSelf(ctx: RequestContext, id: number): Promise<number> {
  const { user } = await findMember(ctx, id);
  if (user.id !== ctx.state.user.id) throw createError(403, "Everybody can only change their own profile image");
  return user.id;
}
