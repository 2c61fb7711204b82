import type { Organization } from "./repositories/organizations.ts";
import type { User } from "./repositories/users.ts";

/*
 * In the open source edition every member has administrator rights: the organization's settings, its link and all
 * features are open to everyone who is signed in. What is one's own, only oneself changes, so the routes of
 * /user/account take the person from the session and never from the address.
 */

export type Role = "Owner" | "Member";

/** The role of a person in the organization: whoever founded it owns it. */
export function roleOf(user: Pick<User, "id">, organization: Organization): Role {
  return organization.created_by_id === user.id ? "Owner" : "Member";
}

/** A reset would change nothing for a stranger while anyone may sign up without a link. */
export function canResetInvite(config: { disable_signup_without_link: boolean }): boolean {
  return config.disable_signup_without_link;
}
