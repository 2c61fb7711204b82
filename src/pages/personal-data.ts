import { Readable } from "node:stream";

import createError from "http-errors";

import { settleWithin } from "../common/durations.ts";
import type { Context, SignedIn } from "../context.ts";
import { orNotFound } from "../http/or-not-found.ts";
import { recordEvent } from "../http/record-event.ts";
import { fullName } from "../rendering/display-names.ts";
import type { User } from "../repositories/accounts/user-columns.ts";

type UserContext = Context & { state: SignedIn };

/** Milliseconds to wait for the data of somebody who labeled little, so that the next page has them. */
const waitForSmallTakeOut = 1000;

/** Starts the zip of what is known of a user. */
export async function startTakeOut(ctx: UserContext, user: Pick<User, "id">): Promise<void> {
  const { finished } = await ctx.exporter.startTakeOut(user.id);
  await recordEvent(ctx, "user_data_requested", { user: user.id });
  // Errors are logged by the exporter, and the page shows the state.
  await settleWithin(waitForSmallTakeOut, finished);
}

/** Answers with the latest zip of a user, or throws a 404. */
export async function sendTakeOut(ctx: UserContext, user: Pick<User, "id">): Promise<void> {
  const { storedFiles, takeOuts } = ctx.repositories;
  const takeOut = await takeOuts.findByUser(user.id);
  const file = orNotFound(takeOut && (await storedFiles.find({ take_out_id: takeOut.id })));
  await recordEvent(ctx, "user_data_downloaded", { user: user.id });
  ctx.attachment(`data-of-user-${user.id}.zip`);
  ctx.type = "application/zip";
  ctx.length = file.bytes;
  ctx.body = Readable.from(storedFiles.read(file));
}

/** Deletes an account for good, but for the name if there is one and the organization keeps it. Throws 409 for the owner's. */
export async function deleteAccount(
  ctx: UserContext,
  user: Pick<User, "id" | "first_name" | "last_name">,
): Promise<void> {
  const { accountStatus, users } = ctx.repositories;
  const keepsName = ctx.state.organization.keep_names_of_former_members && fullName(user) !== "";
  if (!(await (keepsName ? accountStatus.erase(user.id) : users.delete(user.id))))
    throw createError(409, "The owner", {
      explanation: {
        title: "The owner’s account can’t be deleted",
        text: "Nothing was changed. Hand over the ownership on the page of another person first.",
      },
    });
  await recordEvent(ctx, "user_deleted", { user: user.id });
}
