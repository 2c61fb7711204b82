import type { Member } from "../repositories/accounts/members.ts";
import { hasLabelStudioTitle } from "../repositories/accounts/organizations.ts";
import type { Organization } from "../repositories/accounts/organizations.ts";
import type { User } from "../repositories/accounts/user-columns.ts";
import type { Project } from "../repositories/labeling/projects.ts";

/** Returns first and last name, `""` if neither is set. */
export function fullName(user: Pick<User, "first_name" | "last_name">): string {
  return `${user.first_name} ${user.last_name}`.trim();
}

/** Returns the name, or the email of somebody who has not set one; "Deleted user" without a user. */
export function nameOrEmail(user: Pick<User, "first_name" | "last_name" | "email"> | undefined): string {
  return user ? fullName(user) || user.email : "Deleted user";
}

/** Returns the user of a member who is still one; undefined if the account is deleted. */
export function activeUser(member: Pick<Member, "user" | "deleted_at"> | undefined): User | undefined {
  return member?.deleted_at ? undefined : member?.user;
}

/** Returns who did something; of those who left the name if the organization keeps it, and "Deleted user" otherwise. */
export function authorName(member: Pick<Member, "user" | "deleted_at" | "keeps_name"> | undefined): string {
  const user = activeUser(member);
  return user || !member?.keeps_name ? nameOrEmail(user) : fullName(member.user) || nameOrEmail(undefined);
}

/** Returns the first letters of first and last name, or the first two characters of the email if neither is set. */
export function initials({ first_name, last_name, email }: Pick<User, "first_name" | "last_name" | "email">): string {
  const letters = [first_name, last_name].map((name) => [...name.trim()][0] ?? "").join("");
  return letters || [...email].slice(0, 2).join("");
}

/** Returns the project's title, or a placeholder. */
export function projectTitle({ title }: Pick<Project, "title">): string {
  return title || "Untitled project";
}

/** Returns the organization's name; this product's for one that is still called Label Studio. */
export function organizationName(organization: Pick<Organization, "title">): string {
  return hasLabelStudioTitle(organization) ? "Atelier" : organization.title;
}

const browsers = { Edg: "Edge", OPR: "Opera", Firefox: "Firefox", Chrome: "Chrome", Safari: "Safari" };
const systems = {
  Android: "Android",
  iPhone: "iPhone",
  iPad: "iPad",
  Windows: "Windows",
  Macintosh: "Mac",
  Linux: "Linux",
};

/** Returns "Firefox on Linux" for a User-Agent header, or the product name of a program that is not a browser. */
export function browserName(user_agent: string): string {
  const findName = (names: Record<string, string>) =>
    Object.entries(names).find(([token]) => user_agent.includes(token))?.[1];
  const name = findName(browsers) ?? (user_agent.split(/[/ ]/)[0] || "Unknown browser");
  const system = findName(systems);
  return system ? `${name} on ${system}` : name;
}
