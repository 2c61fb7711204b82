import * as z from "zod";

import type { Config } from "../config/config.ts";
import { initials } from "../rendering/display-names.ts";
import type { Member } from "../repositories/accounts/members.ts";
import type { Organization } from "../repositories/accounts/organizations.ts";
import type { User } from "../repositories/accounts/user-columns.ts";
import { memberPermissions } from "../security/permissions.ts";
import { timestamp, formatTimestamp } from "./timestamp.ts";

export const userRecord = z
  .object({
    id: z.int(),
    first_name: z.string(),
    last_name: z.string(),
    username: z.string(),
    email: z.string(),
    last_activity: timestamp,
    custom_hotkeys: z.record(z.string(), z.unknown()),
    avatar: z.string().nullable().describe("address of the profile image"),
    initials: z.string(),
    phone: z.string(),
    active_organization: z.int().nullable().describe("null for someone who was removed"),
    active_organization_meta: z.object({ title: z.string(), email: z.string().describe("of its owner") }),
    allow_newsletters: z.boolean().nullable(),
    date_joined: timestamp,
  })
  .meta({ id: "User" });

export const whoamiRecord = userRecord.extend({ permissions: z.array(z.string()) }).meta({ id: "WhoAmI" });

type UserRecord = z.output<typeof userRecord>;

/** What presenting users needs besides them. */
export interface UserContext {
  organization: Organization;
  config: Pick<Config, "host">;
}

/** Presents a user as the API and the command line of Label Studio do. */
export function presentUser(user: User, { organization, config }: UserContext): UserRecord {
  return {
    id: user.id,
    first_name: user.first_name,
    last_name: user.last_name,
    username: user.username,
    email: user.email,
    last_activity: formatTimestamp(user.last_activity),
    custom_hotkeys: JSON.parse(user.custom_hotkeys) as Record<string, unknown>,
    avatar: user.avatar && avatarUrl(user.avatar, config),
    initials: initials(user),
    phone: user.phone,
    active_organization: organization.id,
    active_organization_meta: { title: organization.title, email: organization.owner_email ?? "" },
    allow_newsletters: user.allow_newsletters,
    date_joined: formatTimestamp(user.date_joined),
  };
}

/** Presents a member. A former member's personal data is replaced; the id stays, because annotations refer to it. */
export function presentMemberUser({ user, deleted_at }: Member, context: UserContext): UserRecord {
  const record = presentUser(user, context);
  if (deleted_at === null) return record;
  return Object.assign(record, {
    first_name: "Deleted",
    last_name: "User",
    username: "Deleted",
    email: "Deleted",
    initials: "DU",
    phone: "",
    avatar: null,
    custom_hotkeys: {},
    active_organization: null,
    active_organization_meta: { title: "", email: "" },
  });
}

export function presentWhoami(user: User, context: UserContext): z.output<typeof whoamiRecord> {
  return Object.assign(presentUser(user, context), { permissions: memberPermissions });
}

function avatarUrl(name: string, { host }: Pick<Config, "host">): string {
  return `${host ? host.href.replace(/\/$/, "") : ""}/data/avatars/${name}`;
}
