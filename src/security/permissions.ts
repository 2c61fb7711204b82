/*
 * As in the open source edition of Label Studio every member is an administrator: all features and the organization's settings
 * are open to everyone who is signed in. Accounts are the exception: users change their own, so the routes of /user/account
 * take the user from the session and never from the URL.
 */

interface Identified {
  id: number;
}

interface Owned {
  /** The user who created the organization. */
  created_by_id: number | null;
}

type Role = "Owner" | "Member";

/** Returns the user's role in the organization: its creator is the owner. */
export function roleOf(user: Identified, organization: Owned): Role {
  return organization.created_by_id === user.id ? "Owner" : "Member";
}

/** Resetting the invite link has an effect only when no one can sign up without it. */
export function canResetInvite(policy: { isOpen: boolean }): boolean {
  return !policy.isOpen;
}

/** Only the owner may change and remove other users. */
export function canManagePeople(user: Identified, organization: Owned): boolean {
  return roleOf(user, organization) === "Owner";
}

/** On the pages, users delete their own annotations, and the owner any; the API deletes them for every member, as Label Studio's. */
export function canDeleteAnnotation(
  user: Identified,
  annotation: { completed_by_id: number | null },
  organization: Owned,
): boolean {
  return annotation.completed_by_id === user.id || roleOf(user, organization) === "Owner";
}

/** The permissions that Label Studio's API lists for a member: all of them. */
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
