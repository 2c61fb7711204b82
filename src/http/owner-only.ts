import createError from "http-errors";

import type { SignedIn } from "../context.ts";
import { canManagePeople } from "../security/permissions.ts";

/** Throws 403 for everybody but the owner, before something of another person is changed. */
export function assertCanManagePeople({ state: { user, organization } }: { state: SignedIn }): void {
  if (canManagePeople(user, organization)) return;
  throw createError(403, "Only the owner", {
    explanation: {
      title: "Only the owner can do this",
      text: "Nothing was changed. The owner of your organization decides who may log in; People shows who that is.",
    },
  });
}
