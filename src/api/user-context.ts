import type { UserContext } from "../presenters/user.ts";
import type { RequestContext } from "./endpoint.ts";

/** Loads what presenters of users need beside the user, once for all users of a response. */
export async function loadUserContext({ config, repositories, state }: RequestContext): Promise<UserContext> {
  const { organization } = state;
  return { organization, owner_email: await repositories.organizations.ownerEmail(organization), config };
}
