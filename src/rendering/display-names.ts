import type { Project } from "../repositories/labeling/projects.ts";
import type { User } from "../repositories/accounts/user-columns.ts";

/** First and last name, `""` when neither is set. */
export function fullName(user: Pick<User, "first_name" | "last_name">): string {
  return `${user.first_name} ${user.last_name}`.trim();
}

/** First letters of first and last name; one letter when only one is set; else the first two characters of the email. */
export function initials({ first_name, last_name, email }: Pick<User, "first_name" | "last_name" | "email">): string {
  const letters = [first_name, last_name].map((name) => [...name.trim()][0] ?? "").join("");
  return letters || [...email].slice(0, 2).join("");
}

/** What a project is called, also where nobody gave it a title. */
export function projectTitle({ title }: Pick<Project, "title">): string {
  return title || "Untitled project";
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

/** "Firefox on Linux": enough to know one's own browser again. Programs that are no browser are named as they do themselves. */
export function browserName(user_agent: string): string {
  const pick = (names: Record<string, string>) =>
    Object.entries(names).find(([sign]) => user_agent.includes(sign))?.[1];
  const name = pick(browsers) ?? (user_agent.split(/[/ ]/)[0] || "Unknown browser");
  const system = pick(systems);
  return system ? `${name} on ${system}` : name;
}
