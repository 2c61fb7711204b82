import type { Knex } from "knex";

import { now } from "../../common/timestamps.ts";
import { isUnreachable } from "../../database/errors.ts";
import { createCipher, deriveKey, digest, createWrongKeyError } from "../../security/crypto.ts";

/** What all servers on one database have in common: the secret key. */
export function installation(database: Knex) {
  return {
    /** Whether the database answers queries now. */
    async isReachable(): Promise<boolean> {
      try {
        await database.raw("select 1");
        return true;
      } catch (error) {
        if (isUnreachable(error)) return false;
        throw error;
      }
    },

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
  };
}

async function assertSameKey(database: Knex, secret_key: string): Promise<void> {
  const hasTable = await database.schema.hasTable("installation");
  const row = hasTable ? await database("installation").first("key_digest") : undefined;
  if (!row) await verifyByInvitation(database, secret_key);
  else if (row.key_digest !== keyDigest(secret_key)) throw createWrongKeyError();
}

function keyDigest(secret_key: string): string {
  return digest(deriveKey(secret_key, "installation", 32).toString("hex"));
}

/** An older database has no key digest, but an invitation token that was encrypted with the key. */
async function verifyByInvitation(database: Knex, secret_key: string): Promise<void> {
  const row = await database("organizations").first("invite_encrypted");
  if (row) createCipher(secret_key).decrypt(row.invite_encrypted);
}
