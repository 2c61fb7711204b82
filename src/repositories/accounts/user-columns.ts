import type { Knex } from "knex";

import type { Timestamp } from "../../common/timestamps.ts";

/** A user, without the password hash. */
export interface User {
  id: number;
  email: string;
  username: string;
  first_name: string;
  last_name: string;
  phone: string;
  /** The name of the profile image; null without one. */
  avatar: string | null;
  allow_newsletters: boolean | null;
  /** JSON. */
  custom_hotkeys: string;
  date_joined: Timestamp;
  /** As the API shows it: it begins with the account. */
  last_activity: Timestamp;
  /** When they were last here; "" until they log in or a script of theirs comes for the first time. */
  last_seen_at: Timestamp;
  /** The invitation that they joined by, and who made it; null for other ways, and once these are deleted. */
  invitation_id: number | null;
  invited_by_id: number | null;
}

export const userColumns = [
  "id",
  "email",
  "username",
  "first_name",
  "last_name",
  "phone",
  "avatar",
  "allow_newsletters",
  "custom_hotkeys",
  "date_joined",
  "last_activity",
  "last_seen_at",
  "invitation_id",
  "invited_by_id",
] as const;

/** `users.column as column`, for queries that join other tables. */
export const qualifiedUserColumns = userColumns.map((column) => `users.${column} as ${column}`);

/** Narrows a query over `users` to members; by a subquery, so that an index of `users` can still give the order. */
export function onlyMembers(query: Knex.QueryBuilder): void {
  query.whereExists((members: Knex.QueryBuilder) => {
    members
      .from("organization_members")
      .whereRaw("organization_members.user_id = users.id")
      .whereNull("organization_members.deleted_at")
      .select("organization_members.id");
  });
}

/** Narrows a query over `users` to those who were removed, who are few, without accounts that were deleted. */
export function onlyFormerMembers(query: Knex.QueryBuilder): void {
  query.whereNull("users.erased_at").whereIn("users.id", (members: Knex.QueryBuilder) => {
    members.from("organization_members").whereNotNull("deleted_at").select("user_id");
  });
}

/** The sort key of the page People: the name in lower case, or the email without one. */
export function sortName({ email, first_name, last_name }: Pick<User, "email" | "first_name" | "last_name">): string {
  return (`${first_name} ${last_name}`.trim() || email).toLowerCase().slice(0, 256);
}
