import type { AppContext, SignedIn } from "../context.ts";
import type { UserContext } from "../presenters/user.ts";

/** What presenters of users need beside them, asked for once in an answer. */
export async function userContext({
  config,
  repositories,
  state: { organization },
}: Pick<AppContext, "config" | "repositories"> & { state: SignedIn }): Promise<UserContext> {
  return { organization, owner_email: await repositories.organizations.ownerEmail(organization), config };
}
