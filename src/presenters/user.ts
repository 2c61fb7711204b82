import type { Config } from "../config.ts";
import { initials } from "../names.ts";
import type { Organization } from "../repositories/organizations.ts";
import type { User } from "../repositories/users.ts";

/** A user as Label Studio's API and its command line show one. `owner_email` is the organization's owner's. */
export function presentUser(user: User, organization: Organization, owner_email: string, config: Config) {
  return {
    id: user.id,
    first_name: user.first_name,
    last_name: user.last_name,
    username: user.username,
    email: user.email,
    last_activity: user.last_activity,
    custom_hotkeys: JSON.parse(user.custom_hotkeys) as Record<string, unknown>,
    avatar: user.avatar && avatarAddress(user.avatar, config),
    initials: initials(user),
    phone: user.phone,
    active_organization: organization.id,
    active_organization_meta: { title: organization.title, email: owner_email },
    allow_newsletters: user.allow_newsletters,
    date_joined: user.date_joined,
  };
}

function avatarAddress(name: string, { host }: Config): string {
  return `${host ? host.href.replace(/\/$/, "") : ""}/data/avatars/${name}`;
}
