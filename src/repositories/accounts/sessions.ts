import type { Knex } from "knex";

import { daysFromNow, now } from "../../common/timestamps.ts";
import type { Timestamp } from "../../common/timestamps.ts";
import { digest } from "../../security/crypto.ts";
import { identityColumns, readIdentity, joinIdentity } from "./identities.ts";
import { unprefix, selectPrefixed } from "../joined-rows.ts";
import type { Organization } from "./organizations.ts";
import type { User } from "./user-columns.ts";

/** What koa-session keeps; `user_id` is there when somebody is signed in. */
export interface SessionData {
  user_id?: number;
  /** When the person was asked for the password. */
  asked_at?: Timestamp;
  [key: string]: unknown;
}

export interface Session {
  id: number;
  user_agent: string;
  created_at: Timestamp;
  last_seen_at: Timestamp;
}

/** A session that may be used, with the person it belongs to when it is more than a message for a visitor. */
export interface ActiveSession extends Session {
  data: SessionData;
  user: User | undefined;
  organization: Organization | undefined;
}

const sessionColumns = ["id", "user_agent", "created_at", "last_seen_at", "data"] as const;

/** Sessions are found by the digest of the cookie's id: a copy of the table opens none. */
export function sessions(database: Knex) {
  const remove = async (key: string): Promise<void> => {
    await database("sessions")
      .where({ digest: digest(key) })
      .delete();
  };

  return {
    /** One query for the session, its person and the organization. Undefined when it has ended, for whatever reason. */
    async find(key: string): Promise<ActiveSession | undefined> {
      const row = await database("sessions")
        .modify(joinIdentity, "sessions.user_id")
        .where("sessions.digest", digest(key))
        .where("sessions.expires_at", ">", now())
        .first([...selectPrefixed("sessions", sessionColumns), ...identityColumns]);
      if (!row) return undefined;
      const session = unprefix<Session & { data: string }>(row, "sessions");
      const found = { ...session, data: JSON.parse(session.data) as SessionData };
      if (!found.data.user_id) return { ...found, user: undefined, organization: undefined };
      const known = readIdentity(row);
      if (
        known &&
        session.created_at >= known.password_changed_at &&
        !isExpired(session, known.identity.organization)
      ) {
        return { ...found, ...known.identity };
      }
      // It stays ended, also when the person may log in again.
      await remove(key);
      return undefined;
    },

    /** Keeps a new session: at most 30 days (the organization's policy is shorter), or a day for a visitor's message. */
    async create(key: string, data: SessionData, user_agent: string): Promise<void> {
      await database("sessions").insert({
        digest: digest(key),
        user_id: data.user_id ?? null,
        data: JSON.stringify(data),
        user_agent: user_agent.slice(0, 256),
        created_at: data.asked_at ?? now(),
        last_seen_at: now(),
        expires_at: daysFromNow(data.user_id ? 30 : 1),
      });
    },

    async deleteExpired(): Promise<void> {
      await database("sessions").where("expires_at", "<", now()).delete();
    },

    /** Keeps new data in a session that is still there: one that was ended meanwhile stays ended. */
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

    async deleteMany(user_id: number, ids: number[]): Promise<number> {
      return database("sessions").where({ user_id }).whereIn("id", ids).delete();
    },
  };
}

/** A request is noted once a minute, so the last one may have been up to a minute after it. */
function isExpired(session: Session, { max_session_age, max_time_between_activity }: Organization): boolean {
  const minutesSince = (then: Timestamp) => (Date.now() - Date.parse(then)) / 60_000;
  return (
    minutesSince(session.created_at) > max_session_age ||
    minutesSince(session.last_seen_at) > max_time_between_activity + 1
  );
}
