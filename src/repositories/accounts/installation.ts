import type { Knex } from "knex";

import { now } from "../../common/timestamps.ts";
import { isCurrent } from "../../database/migrate.ts";
import { isReachable } from "../../database/outages.ts";
import { createCipher, createWrongKeyError, deriveKey, digest, WrongKeyError } from "../../security/crypto.ts";

/** What all servers on one database have in common: the secret key. */
export function installation(database: Knex) {
  return {
    /** Whether the database answers queries now. */
    isReachable: (): Promise<boolean> => isReachable(database),

    /** Whether the database has the schema of this version: neither an older one nor, after an update, a newer one. */
    isCurrent: (): Promise<boolean> => isCurrent(database),

    /**
     * Records a digest of the secret key when the database is used for the first time, and throws WrongKeyError if it is used
     * with another key later: such a server would refuse every password, and encrypt what other servers can't decrypt.
     */
    async claim(secret_key: string): Promise<void> {
      const key_digest = keyDigest(secret_key);
      await assertSameKey(database, secret_key);
      await database("installation").insert({ id: 1, key_digest, created_at: now() }).onConflict("id").ignore();
      await assertSameKey(database, secret_key);
    },

    /** The same check without a write, for a database that is only read. */
    async verify(secret_key: string): Promise<void> {
      await assertSameKey(database, secret_key);
    },

    /** Whether the database is used with this secret key, with another one, or with none so far. Reads a schema of any age. */
    async compareKey(secret_key: string | undefined): Promise<KeyComparison> {
      return compareKey(database, secret_key);
    },
  };
}

export type KeyComparison = "unused" | "same" | "different";

async function assertSameKey(database: Knex, secret_key: string): Promise<void> {
  if ((await compareKey(database, secret_key)) === "different") throw createWrongKeyError();
}

async function compareKey(database: Knex, secret_key: string | undefined): Promise<KeyComparison> {
  const hasTable = await database.schema.hasTable("installation");
  const row = hasTable ? await database("installation").first("key_digest") : undefined;
  if (!row) return compareByInvitation(database, secret_key);
  return secret_key !== undefined && row.key_digest === keyDigest(secret_key) ? "same" : "different";
}

/** What is stored of the secret key. */
export function keyDigest(secret_key: string): string {
  return digest(deriveKey(secret_key, "installation", 32).toString("hex"));
}

/** An older database has no key digest, but an invitation token that was encrypted with the key. */
async function compareByInvitation(database: Knex, secret_key: string | undefined): Promise<KeyComparison> {
  if (!(await database.schema.hasTable("organizations"))) return "unused";
  const isRenamed = await database.schema.hasColumn("organizations", "invite_encrypted");
  const row = await database("organizations").first(`${isRenamed ? "invite_encrypted" : "invite_sealed"} as invite`);
  if (!row) return "unused";
  return secret_key !== undefined && canDecrypt(secret_key, row.invite) ? "same" : "different";
}

function canDecrypt(secret_key: string, encrypted: string): boolean {
  try {
    createCipher(secret_key).decrypt(encrypted);
    return true;
  } catch (error) {
    if (error instanceof WrongKeyError) return false;
    throw error;
  }
}
