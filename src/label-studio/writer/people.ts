import type { Knex } from "knex";

import type { Timestamp } from "../../common/timestamps.ts";
import { pickDefined } from "../../repositories/pick-defined.ts";
import { searchTerms } from "../../repositories/accounts/people-search.ts";
import { sortName } from "../../repositories/accounts/users.ts";
import type { User } from "../../repositories/accounts/user-columns.ts";

/** A person as they were, and their membership. */
export interface MovedPerson extends Omit<User, "avatar"> {
  is_active: boolean;
  /** Undefined where no password is known. */
  password: { hash: string; iterations: number } | undefined;
  /** Its id is a new one where it is left out. */
  membership: { id?: number; created_at: Timestamp; deleted_at: Timestamp | null };
}

const columns = [
  "id",
  "email",
  "username",
  "first_name",
  "last_name",
  "phone",
  "is_active",
  "allow_newsletters",
  "custom_hotkeys",
  "date_joined",
  "last_activity",
] as const;

/** Rows that one statement inserts: databases limit the number of values in one. */
const rowsAtATime = 500;

export function movedPeople(transaction: Knex) {
  const insert = async (table: string, rows: object[]) => {
    for (let start = 0; start < rows.length; start += rowsAtATime)
      await transaction(table).insert(rows.slice(start, start + rowsAtATime));
  };

  return {
    /** The ids of people by their emails in lower case. */
    async idsByEmail(emails: string[]): Promise<Map<string, number>> {
      const rows: { id: number; email: string }[] = await transaction("users")
        .whereIn("email", emails)
        .select("id", "email");
      return new Map(rows.map(({ id, email }) => [email, id]));
    },

    async add(organization_id: number, people: MovedPerson[]): Promise<void> {
      await insert(
        "users",
        people.map((person) => ({ ...pickDefined(person, columns), sort_name: sortName(person) })),
      );
      await insert(
        "user_words",
        people.flatMap((person) => searchTerms(person).map((word) => ({ user_id: person.id, word }))),
      );
      await insert(
        "imported_passwords",
        people.flatMap(({ id, password }) => (password ? [{ user_id: id, ...password }] : [])),
      );
      await insert(
        "organization_members",
        people.map(({ id, membership }) => ({ ...membership, organization_id, user_id: id })),
      );
    },

    /** Those of these people who are members now. */
    async members(user_ids: number[]): Promise<Set<number>> {
      const ids = await transaction("organization_members")
        .whereIn("user_id", user_ids)
        .whereNull("deleted_at")
        .pluck("user_id");
      return new Set<number>(ids);
    },
  };
}
