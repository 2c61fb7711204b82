import type { Knex } from "knex";

import { inTransaction } from "../../database/transaction.ts";
import type { Cipher } from "../../security/crypto.ts";
import type { PasswordHashes } from "../../security/passwords.ts";
import { endLinks } from "./one-time-links.ts";

/** The columns of `selectPasswordHashes`. */
export interface PasswordColumns {
  hash: string;
  imported: string | null;
  previous_key_encrypted: string | null;
}

/** Adds the stored password hashes to a query over `users`. */
export function selectPasswordHashes(query: Knex.QueryBuilder): void {
  query
    .leftJoin("imported_passwords as imported", "imported.user_id", "users.id")
    .leftJoin("previous_secret_keys as previous", "previous.id", "users.previous_key_id")
    .select("users.password as hash", "imported.hash as imported", "previous.key_encrypted as previous_key_encrypted");
}

/** Reads a row of `selectPasswordHashes`. */
export function readPasswordHashes(
  { hash, imported, previous_key_encrypted }: PasswordColumns,
  cipher: Cipher,
): PasswordHashes & { hash: string } {
  return { hash, imported, previous_key: previous_key_encrypted ? cipher.decrypt(previous_key_encrypted) : undefined };
}

/** The other columns of such a row. */
export function withoutPasswordHashes<Row extends PasswordColumns>(row: Row): Omit<Row, keyof PasswordColumns> {
  const { hash: _hash, imported: _imported, previous_key_encrypted: _previous, ...columns } = row;
  return columns;
}

/** The highest PBKDF2 cost of a hash imported from Label Studio that a user could still log in with; 0 without any. */
export async function maxPbkdf2Iterations(database: Knex): Promise<number> {
  const row = await database("imported_passwords")
    .whereExists((members: Knex.QueryBuilder) => {
      members
        .from("users")
        .join("organization_members as members", "members.user_id", "users.id")
        .whereRaw("users.id = imported_passwords.user_id")
        .where("users.is_active", true)
        .whereNull("members.deleted_at")
        .select("users.id");
    })
    .orderBy("iterations", "desc")
    .first("iterations");
  return row?.iterations ?? 0;
}

/** Stores a stronger hash of the same password, unless the password was changed in between. */
export async function upgradePasswordHash(
  database: Knex,
  user_id: number,
  { hash: password = "", imported }: PasswordHashes,
  hash: string,
): Promise<void> {
  await inTransaction(database, async (transaction) => {
    const replaced = await transaction("users")
      .where({ id: user_id, password })
      .update({ password: hash, previous_key_id: null });
    if (replaced && imported) await transaction("imported_passwords").where({ user_id }).delete();
  });
}

/** Stores the hash of a new password, and ends the links to set one; `at` is when it was changed. */
export async function setPasswordHash(transaction: Knex, user_id: number, password: string, at: string): Promise<void> {
  await transaction("users")
    .where({ id: user_id })
    .update({ password, previous_key_id: null, password_changed_at: at });
  await transaction("imported_passwords").where({ user_id }).delete();
  await endLinks(transaction, user_id, "password_changed", "password");
}
