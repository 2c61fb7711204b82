import type { Knex } from "knex";

import { now } from "../../common/timestamps.ts";
import { inTransaction } from "../../database/transaction.ts";
import { randomToken } from "../../security/crypto.ts";

export interface Avatar {
  type: "image/png" | "image/jpeg";
  image: Buffer;
}

/** Profile images, one per user, in the database so that servers share no files. */
export function avatars(database: Knex) {
  return {
    async find(name: string): Promise<Avatar | undefined> {
      return database("avatars").where({ name }).first("type", "image");
    },

    /** Replaces the user's image. The new one gets a new name, so that browsers may cache an image for good. */
    async replace(user_id: number, avatar: Avatar): Promise<void> {
      const name = `${randomToken(32)}.${avatar.type === "image/png" ? "png" : "jpg"}`;
      await inTransaction(database, async (transaction) => {
        // The user's row first: it is the lock that two uploads at once wait for.
        await transaction("users").where({ id: user_id }).update({ avatar: name });
        await transaction("avatars").where({ user_id }).delete();
        await transaction("avatars").insert({ name, user_id, ...avatar, created_at: now() });
      });
    },

    async remove(user_id: number): Promise<void> {
      await inTransaction(database, async (transaction) => {
        await transaction("users").where({ id: user_id }).update({ avatar: null });
        await transaction("avatars").where({ user_id }).delete();
      });
    },
  };
}
