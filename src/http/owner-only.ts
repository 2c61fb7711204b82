import createError from "http-errors";

import type { SignedIn } from "../context.ts";
import { canManagePeople } from "../security/permissions.ts";

const unchanged = {
  title: "Only the owner can do this",
  text: "Nothing was changed. The owner of your organization decides who may log in; People shows who that is.",
};

/** Throws 403 for everybody but the owner, before something of another person is changed, unless `explanation` says otherwise. */
export function assertCanManagePeople({ state }: { state: SignedIn }, explanation = unchanged): void {
  if (!canManagePeople(state.user, state.organization)) throw createError(403, "Only the owner", { explanation });
}

/** For the API: throws 403 with this message for everybody but the owner. */
export function assertOwner({ user, organization }: SignedIn, message: string): void {
  if (!canManagePeople(user, organization)) throw createError(403, message);
}
