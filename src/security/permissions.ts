/*
 * In the open source edition every member has administrator rights: the organization's settings, its link and all
 * features are open to everyone who is signed in. What is one's own, only oneself changes, so the routes of
 * /user/account take the person from the session and never from the address.
 */

interface Identified {
  id: number;
}

interface Owned {
  /** The user who founded it. */
  created_by_id: number | null;
}

export type Role = "Owner" | "Member";

/** The role of a person in the organization: whoever founded it owns it. */
export function roleOf(user: Identified, organization: Owned): Role {
  return organization.created_by_id === user.id ? "Owner" : "Member";
}

/** A reset would change nothing for a stranger while anyone may sign up without a link. */
export function canResetInvite(config: { disable_signup_without_link: boolean }): boolean {
  return config.disable_signup_without_link;
}

/** The owner changes and removes other people; everybody else only changes themselves. */
export function canManagePeople(user: Identified, organization: Owned): boolean {
  return roleOf(user, organization) === "Owner";
}

/** What upstream's API says that a member may do: everything. */
export const memberPermissions = `
  organizations.create organizations.view organizations.change organizations.delete organizations.invite
  projects.create projects.view projects.change projects.delete projects.reset_cache tasks.create tasks.view
  tasks.change tasks.delete views.reset annotations.create annotations.view annotations.change
  annotations.delete actions.perform predictions.any avatar.any labels.create labels.view labels.change
  labels.delete models.create models.view models.change models.delete model_provider_connection.create
  model_provider_connection.view model_provider_connection.change model_provider_connection.delete webhooks.view
  webhooks.change users.token.any storages.view storages.change storages.sync views.view views.create
  views.change views.delete
`
  .trim()
  .split(/\s+/);
