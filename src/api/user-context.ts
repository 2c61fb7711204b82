import type { UserContext } from "../presenters/user.ts";
import type { RequestContext } from "./endpoint.ts";

/** What presenters of users need beside the user. */
export function userContextOf({ config, state }: RequestContext): UserContext {
  return { organization: state.organization, config };
}
