import type { Knex } from "knex";

import { now } from "../../common/timestamps.ts";
import { lockMigrations } from "../../database/migrate.ts";
import { isPostgres } from "../../database/open.ts";
import { assertNoServerConnected } from "../../database/postgresql.ts";
import { inTransaction } from "../../database/transaction.ts";
import { createCipher, digest, randomToken } from "../../security/crypto.ts";
import type { Cipher } from "../../security/crypto.ts";
import { installation, keyDigest } from "./installation.ts";
import { legacyTokens } from "./legacy-tokens.ts";
import { rewriteTexts } from "./rewrite-texts.ts";

/** Every column with what is encrypted by the secret key, and its table's primary key. */
const encryptedColumns = [
  { table: "organizations", key: "id", column: "invite_encrypted" },
  { table: "legacy_tokens", key: "user_id", column: "token_encrypted" },
  { table: "label_studio_sources", key: "id", column: "secret_key_encrypted" },
  { table: "previous_secret_keys", key: "id", column: "key_encrypted" },
  { table: "two_factor", key: "user_id", column: "secret_encrypted" },
] as const;

interface Rotation {
  from: string;
  to: string;
  /** Whether others may know the old key: what it protects or signs is then replaced, and ends. */
  is_leaked: boolean;
  /** The last step of the transaction: when it throws, nothing is changed. */
  beforeCommit: () => void;
}

/** The secret key and its predecessors, with which passwords were hashed and personal tokens signed that are still valid. */
export function secretKeys(database: Knex) {
  return {
    /**
     * Replaces the secret key in one transaction. Passwords and personal tokens stay valid, by the old key, which is kept
     * encrypted with the new one. Throws WrongKeyError if `from` is not the key of the database.
     */
    async rotate({ from, to, is_leaked, beforeCommit }: Rotation): Promise<void> {
      await inTransaction(database, async (transaction) => {
        await keepServersOut(transaction);
        await installation(transaction).verify(from);
        const [oldCipher, newCipher] = [createCipher(from), createCipher(to)];
        if (is_leaked) {
          await replaceSecrets(transaction, oldCipher);
          for (const table of ["sessions", "one_time_links"]) await transaction(table).delete();
        }
        for (const encrypted of encryptedColumns) await reencrypt(transaction, encrypted, oldCipher, newCipher);
        await keepPreviousKey(transaction, from, newCipher);
        await setKey(transaction, to);
        await deleteUnused(transaction);
        beforeCommit();
      });
    },

    /**
     * Starts anew with this secret key in one transaction, when the one of the database is lost: nobody has a password, other
     * than Label Studio's that were never used here, tokens and the invitation are new, personal tokens are revoked, and nobody
     * has a second factor.
     */
    async reset(to: string): Promise<void> {
      await inTransaction(database, async (transaction) => {
        await keepServersOut(transaction);
        await replaceSecrets(transaction, createCipher(to));
        await transaction("users").update({ password: "", previous_key_id: null });
        await transaction("personal_tokens").update({ previous_key_id: null });
        await transaction("previous_secret_keys").delete();
        for (const table of ["two_factor", "recovery_codes"]) await transaction(table).delete();
        await setKey(transaction, to);
      });
    },

    /** Deletes the keys with which nothing can be verified any more. */
    async deleteUnused(): Promise<void> {
      await deleteUnused(database);
    },
  };
}

/** A server that starts waits for the end of the transaction; throws while one is connected, which has claimed the old key. */
async function keepServersOut(transaction: Knex): Promise<void> {
  await lockMigrations(transaction);
  if (isPostgres(transaction)) await assertNoServerConnected(transaction);
}

/** Makes legacy tokens and the invitation anew, and revokes personal tokens. */
async function replaceSecrets(transaction: Knex, cipher: Cipher): Promise<void> {
  const invite = { table: "organizations", key: "id", columns: ["invite_digest", "invite_encrypted"] };
  await rewriteTexts(transaction, invite, () => newSecret(randomToken(), cipher));
  await legacyTokens(transaction, cipher).resetAll();
  await transaction("personal_tokens").whereNull("revoked_at").update({ revoked_at: now() });
  await transaction("label_studio_sources").update({ secret_key_encrypted: null });
}

function newSecret(secret: string, cipher: Cipher): string[] {
  return [digest(secret), cipher.encrypt(secret)];
}

async function reencrypt(
  transaction: Knex,
  { table, key, column }: (typeof encryptedColumns)[number],
  from: Cipher,
  to: Cipher,
): Promise<void> {
  await rewriteTexts(transaction, { table, key, columns: [column] }, ([encrypted = ""]) => [
    to.encrypt(from.decrypt(encrypted)),
  ]);
}

async function keepPreviousKey(transaction: Knex, previous: string, cipher: Cipher): Promise<void> {
  const [{ id: previous_key_id }] = await transaction("previous_secret_keys")
    .insert({ key_encrypted: cipher.encrypt(previous), replaced_at: now() })
    .returning("id");
  await transaction("users").whereNull("previous_key_id").whereNot("password", "").update({ previous_key_id });
  await activeTokens(transaction).whereNull("previous_key_id").whereNull("source_id").update({ previous_key_id });
}

function activeTokens(database: Knex): Knex.QueryBuilder {
  return database("personal_tokens").whereNull("revoked_at").where("expires_at", ">", now());
}

async function setKey(transaction: Knex, secret_key: string): Promise<void> {
  await transaction("installation")
    .insert({ id: 1, key_digest: keyDigest(secret_key), created_at: now() })
    .onConflict("id")
    .merge(["key_digest"]);
}

async function deleteUnused(database: Knex): Promise<void> {
  await database("previous_secret_keys")
    .whereNotIn("id", database("users").whereNotNull("previous_key_id").select("previous_key_id"))
    .whereNotIn("id", activeTokens(database).whereNotNull("previous_key_id").select("previous_key_id"))
    .delete();
}
