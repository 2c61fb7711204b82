import createError from "http-errors";
import { z } from "zod";

import type { AppContext, SignedIn } from "../../context.ts";
import { orNotFound } from "../../http/or-not-found.ts";
import { receiveImageForm } from "../../uploads/image-form.ts";
import { endpoint } from "../endpoint.ts";
import type { Resource } from "../endpoint.ts";

/** What upstream takes; what is really in a file is found out later. */
const imageTypes = /^image\/(png|jpe?g|gif)$/i;

/** One's own profile image. */
export const avatars: Resource[] = [
  {
    path: "/api/users/:id/avatar/",
    tag: "Users",
    allow: "POST, DELETE",
    POST: endpoint({
      summary: "Set one's profile image",
      description: "PNG, JPEG or GIF, at most 1200 x 1200 pixels and 1024 KB.",
      python: 'requests.post(f"{url}/api/users/1/avatar/", headers=headers, files={"avatar": open("me.png", "rb")})',
      reads: { "multipart/form-data": z.object({ avatar: z.file() }) },
      answer: z.object({ detail: z.string() }),
      refusals: { 400: "no image, or one that can't be used", 403: "it is somebody else" },
      async handle(ctx, { params }) {
        const user_id = await oneself(ctx, params.id);
        const sent = ctx.is("multipart") ? await receiveImageForm(ctx.req) : undefined;
        if (!sent?.image) throw createError(400, sent?.error ?? "No image arrived: send one as multipart/form-data.");
        if (sent.image.bytes.length === 0) throw createError(400, "This image is empty. Choose another one.");
        if (!imageTypes.test(sent.image.type ?? ""))
          throw createError(400, "Choose a PNG, JPEG or GIF image. Its Content-Type must say so, too.");
        const made = await ctx.makeAvatar(sent.image);
        if (!made.avatar) throw createError(400, made.refused ?? "This image can't be used.");
        await ctx.repositories.avatars.replace(user_id, made.avatar);
        return { detail: "avatar saved" };
      },
    }),
    DELETE: endpoint({
      summary: "Remove one's profile image",
      python: 'requests.delete(f"{url}/api/users/1/avatar/", headers=headers)',
      status: 204,
      refusals: { 403: "it is somebody else" },
      async handle(ctx, { params }) {
        await ctx.repositories.avatars.remove(await oneself(ctx, params.id));
      },
    }),
  },
];

async function oneself(ctx: Pick<AppContext, "repositories"> & { state: SignedIn }, id: number): Promise<number> {
  const { user } = orNotFound(await ctx.repositories.members.find(id), "No User matches the given query.");
  if (user.id !== ctx.state.user.id) throw createError(403, "Everybody can only change their own profile image");
  return user.id;
}
