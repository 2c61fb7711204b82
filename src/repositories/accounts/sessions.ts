import type { Knex } from "knex";

import { daysFromNow, now } from "../../common/timestamps.ts";
import type { Timestamp } from "../../common/timestamps.ts";
import { compiledQuery } from "../../database/compiled-query.ts";
import { isForeignKeyViolation } from "../../database/errors.ts";
import { digest } from "../../security/crypto.ts";
import { joinedColumns } from "../joined-rows.ts";
import { identityColumns, joinIdentity, readIdentity } from "./identities.ts";
import type { Organization } from "./organizations.ts";
import type { User } from "./user-columns.ts";

/** What koa-session stores; without `user_id` the visitor is not signed in. */
export interface SessionData {
  user_id?: number;
  /** When the log-in that started the session was submitted. */
  password_submitted_at?: Timestamp;
  /** Who has typed the right password and has yet to enter a code: nobody is logged in. */
  pending_login?: PendingLogin | undefined;
  [key: string]: unknown;
}

export interface PendingLogin {
  user_id: number;
  password_submitted_at: Timestamp;
  /** Whether the session is to survive the browser's window. */
  remember: boolean;
  /** The page to go to afterwards. */
  next: string;
}

export interface Session {
  id: number;
  user_agent: string;
  created_at: Timestamp;
  last_seen_at: Timestamp;
}

/** A valid session. Without a user it only carries a message for a visitor. */
interface ActiveSession extends Session {
  data: SessionData;
  user: User | undefined;
  organization: Organization | undefined;
  /** What the user's email was before somebody else changed it, until they have read that. */
  previous_email: string | null;
  has_two_factor: boolean;
}

const joinedSession = joinedColumns<Session & { data: string }>("sessions", [
  "id",
  "user_agent",
  "created_at",
  "last_seen_at",
  "data",
]);

/** The session, its user and the organization. */
const byDigest = compiledQuery<
  [digest: string, at: Timestamp],
  (Record<string, unknown> & { two_factor_since: Timestamp | null }) | undefined
>((database, digest, at) =>
  database("sessions")
    .modify(joinIdentity, "sessions.user_id")
    .leftJoin("two_factor", "two_factor.user_id", "sessions.user_id")
    .where("sessions.digest", digest)
    .where("sessions.expires_at", ">", at)
    .first([...joinedSession.select, ...identityColumns, "two_factor.confirmed_at as two_factor_since"]),
);

/** Sessions are stored by the digest of the cookie's id, so that a copy of the table lets no one in. */
export function sessions(database: Knex) {
  const remove = async (key: string): Promise<void> => {
    await database("sessions")
      .where({ digest: digest(key) })
      .delete();
  };

  return {
    /** One query for the session, its user and the organization. Returns undefined if it is missing or no longer valid. */
    async find(key: string): Promise<ActiveSession | undefined> {
      const row = await byDigest(database, digest(key), now());
      if (!row) return undefined;
      const session = joinedSession.read(row);
      const data = JSON.parse(session.data) as SessionData;
      const has_two_factor = row.two_factor_since !== null;
      if (!data.user_id)
        return Object.assign(session, {
          data,
          user: undefined,
          organization: undefined,
          previous_email: null,
          has_two_factor,
        });
      const owner = readIdentity(row);
      if (owner && session.created_at > owner.password_changed_at && !isExpired(session, owner.identity.organization))
        return Object.assign(session, {
          data,
          ...owner.identity,
          previous_email: owner.previous_email,
          has_two_factor,
        });
      // Deleted, so that it stays invalid when the user may log in again.
      await remove(key);
      return undefined;
    },

    /**
     * Lasts 30 days at most (the organization's policy is shorter), or a day for a visitor's message. The session of a user who
     * is deleted at the same time is not stored.
     */
    async create(key: string, data: SessionData, user_agent: string): Promise<void> {
      const row = {
        digest: digest(key),
        user_id: data.user_id ?? null,
        data: JSON.stringify(data),
        user_agent: user_agent.slice(0, 256),
        created_at: data.password_submitted_at ?? now(),
        last_seen_at: now(),
        expires_at: daysFromNow(data.user_id ? 30 : 1),
      };
      try {
        await database("sessions").insert(row);
      } catch (error) {
        if (!isForeignKeyViolation(error)) throw error;
      }
    },

    async deleteExpired(): Promise<void> {
      await database("sessions").where("expires_at", "<=", now()).delete();
    },

    /** Changes nothing if the session was deleted in between. */
    async update(key: string, data: SessionData): Promise<void> {
      await database("sessions")
        .where({ digest: digest(key) })
        .update({ data: JSON.stringify(data) });
    },

    delete: remove,

    async touch(session: Session): Promise<void> {
      await database("sessions").where({ id: session.id }).update({ last_seen_at: now() });
    },

    async list(user_id: number): Promise<Session[]> {
      return database("sessions")
        .where({ user_id })
        .where("expires_at", ">", now())
        .orderBy("last_seen_at", "desc")
        .select("id", "user_agent", "created_at", "last_seen_at");
    },

    /** Ends everybody's sessions but this one. Returns how many were ended. */
    async deleteAllBut(id: number): Promise<number> {
      return database("sessions").whereNotNull("user_id").whereNot({ id }).delete();
    },

    /** Ends these sessions of the user, or all but one. Returns how many were ended. */
    async deleteMany(user_id: number, which: { ids: number[] } | { all_but: number }): Promise<number> {
      const sessions = database("sessions").where({ user_id });
      if ("ids" in which) sessions.whereIn("id", which.ids);
      else sessions.whereNot("id", which.all_but);
      return sessions.delete();
    },
  };
}

/** `last_seen_at` is written once a minute at most, so the last request may be up to a minute later. */
function isExpired(session: Session, { max_session_age, max_time_between_activity }: Organization): boolean {
  const minutesSince = (then: Timestamp) => (Date.now() - Date.parse(then)) / 60_000;
  return (
    minutesSince(session.created_at) >= max_session_age ||
    minutesSince(session.last_seen_at) >= max_time_between_activity + 1
  );
}
