import type { Knex } from "knex";

import { now } from "../../common/timestamps.ts";
import { createCipher, deriveKey, digest, wrongKey } from "../../security/crypto.ts";
import { isUnreachable } from "../../database/connection-errors.ts";

/** What all servers of a database share. */
export function installation(database: Knex) {
  return {
    /** Whether the database can be asked now. */
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
     * Notes the secret key that the database is used with, by a digest of what is derived from it. Throws SealError when
     * it is used with another one: such a server would refuse everybody's password, and seal what others can't open.
     */
    async claim(secret_key: string): Promise<void> {
      const key_digest = keyDigest(secret_key);
      await assertSameKey(database, secret_key);
      await database("installation").insert({ id: 1, key_digest, created_at: now() }).onConflict("id").ignore();
      await assertSameKey(database, secret_key);
    },
    /** The same for a database that is only read, also an older one. */
    async verify(secret_key: string): Promise<void> {
      await assertSameKey(database, secret_key);
    },
  };
}

async function assertSameKey(database: Knex, secret_key: string): Promise<void> {
  const hasNotes = await database.schema.hasTable("installation");
  const noted = hasNotes ? await database("installation").first("key_digest") : undefined;
  if (!noted) await verifyByInvitation(database, secret_key);
  else if (noted.key_digest !== keyDigest(secret_key)) throw wrongKey();
}

function keyDigest(secret_key: string): string {
  return digest(deriveKey(secret_key, "installation", 32).toString("hex"));
}

/** An older database names no key, but has an invitation that was sealed with it. */
async function verifyByInvitation(database: Knex, secret_key: string): Promise<void> {
  const row = await database("organizations").first("invite_sealed");
  if (row) createCipher(secret_key).decrypt(row.invite_sealed);
}
