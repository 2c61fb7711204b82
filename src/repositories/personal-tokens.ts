import type { Knex } from "knex";

import { now } from "../clock.ts";
import type { Moment } from "../clock.ts";

/** A personal access token, without its signature: enough to list it, never to use it. */
export interface PersonalToken {
  id: number;
  /** Its own id, which is also inside the token. */
  jti: string;
  name: string;
  token: string;
  created_at: Moment;
  expires_at: Moment;
}

export type NewPersonalToken = Omit<PersonalToken, "id">;

/** Personal access tokens, several a person. */
export function personalTokens(database: Knex) {
  const active = () => database("personal_tokens").whereNull("revoked_at").where("expires_at", ">", now());

  return {
    async create(user_id: number, token: NewPersonalToken): Promise<void> {
      await database("personal_tokens").insert({ user_id, ...token });
    },

    /** The person's tokens that work, newest first. */
    async list(user_id: number): Promise<PersonalToken[]> {
      return active()
        .where({ user_id })
        .orderBy("id", "desc")
        .select("id", "jti", "name", "token", "created_at", "expires_at");
    },

    /** Gives false when the person has no such token, or it was revoked before. */
    async revoke(user_id: number, id: number): Promise<boolean> {
      const changed = await database("personal_tokens")
        .where({ user_id, id })
        .whereNull("revoked_at")
        .update({ revoked_at: now() });
      return changed > 0;
    },
  };
}
