import type { Knex } from "knex";

import { now } from "../../common/timestamps.ts";
import type { Timestamp } from "../../common/timestamps.ts";
import { isForeignKeyViolation } from "../../database/errors.ts";

/**
 * What is recorded for security, by its name in the OWASP Logging Vocabulary where that has one, in groups that people filter by;
 * with the words of its line in the log.
 */
export const eventGroups = {
  login: {
    authn_login_success: "logged in",
    authn_login_fail: "log-in refused",
    authn_login_lock: "log-in has to wait",
    authn_mfa_fail: "code refused",
    authn_mfa_lock: "code has to wait",
    authn_recovery_code_used: "recovery code used",
    authn_logout: "logged out",
    session_ended: "sessions ended",
  },
  access: {
    authn_password_change: "password changed",
    authn_mfa_enabled: "two-factor turned on",
    authn_mfa_disabled: "two-factor turned off",
    authn_recovery_codes_created: "recovery codes made",
    authn_key_created: "key made",
    authn_key_revoked: "key revoked",
    authn_recovery_link_created: "recovery link made",
    authn_recovery_link_requested: "recovery link asked for by mail",
    authn_recovery_link_used: "recovery link used",
    authn_token_created: "personal access token made",
    authn_token_renewed: "legacy token renewed",
    authn_token_revoked: "personal access token revoked",
    authn_token_rotated: "personal access token rotated",
  },
  people: {
    user_created: "user created",
    user_deleted: "user deleted",
    user_data_requested: "personal data requested",
    user_data_downloaded: "personal data downloaded",
    user_email_changed: "email changed",
    user_email_change_requested: "change of email asked for",
    user_deactivated: "user deactivated",
    user_activated: "user activated",
    member_removed: "member removed",
    member_restored: "member restored",
    privilege_permissions_changed: "ownership handed over",
    invite_reset: "invitation link reset",
    invitation_created: "invitation made",
    invitation_revoked: "invitation revoked",
  },
  organization: {
    organization_renamed: "organization renamed",
    former_names_changed: "showing of former members' names changed",
    token_settings_changed: "token settings changed",
    session_policy_changed: "session policy changed",
    two_factor_requirement_changed: "two-factor requirement changed",
    signup_policy_changed: "sign-up policy changed",
  },
} as const;

export type EventGroup = keyof typeof eventGroups;

/** The words of each event's line in the log. */
export const eventMessages = {
  ...eventGroups.login,
  ...eventGroups.access,
  ...eventGroups.people,
  ...eventGroups.organization,
};

export type EventName = keyof typeof eventMessages;

/** What else is known of an event: never a secret. */
export type EventDetails = Record<string, string | number | boolean | null | undefined>;

export interface NewEvent {
  name: EventName;
  /** Who did it; null for strangers and for the command line. */
  actor_id: number | null;
  /** Whose account it is about. */
  subject_id: number | null;
  /** Empty on the command line. */
  ip?: string;
  user_agent?: string;
  details?: EventDetails;
}

interface Event extends Required<NewEvent> {
  id: number;
  created_at: Timestamp;
}

export interface EventsQuery {
  group?: EventGroup | undefined;
  /** Only what this user did, or what was done to them. */
  user_id?: number | undefined;
  since?: Timestamp | undefined;
  /** Only events before the one with this id. */
  before?: number | undefined;
  limit: number;
}

/** How many events are deleted at once, so that others don't wait long. */
const deletionBatch = 1000;

const eventColumns = ["id", "created_at", "name", "actor_id", "subject_id", "ip", "user_agent", "details"] as const;

/** What happened to accounts and to the organization. */
export function events(database: Knex) {
  /** The newest that meet each of these conditions, by an index of each, so that rare events are found among millions. */
  const newest = (query: EventsQuery, conditions: Record<string, unknown>[]): Knex.QueryBuilder => {
    const parts = conditions.map((condition) => {
      const part = database("events").where(condition).orderBy("id", "desc").limit(query.limit).select("id");
      if (query.before !== undefined) part.where("id", "<", query.before);
      if (query.since !== undefined) part.where("created_at", ">=", query.since);
      if (query.group && query.user_id !== undefined) part.whereIn("name", namesOf(query.group));
      // Neither database takes an order within a union but in a subquery.
      return database.from(part.as("part")).select("id");
    });
    return database.from(database.union(parts).as("parts")).select("id");
  };

  const existing = async (user_id: number | null): Promise<number | null> => {
    const user = user_id !== null && (await database("users").where({ id: user_id }).first("id"));
    return user ? user_id : null;
  };

  return {
    async add({ ip = "", user_agent = "", details = {}, ...event }: NewEvent): Promise<void> {
      const row = {
        ...event,
        created_at: now(),
        ip: ip.slice(0, 64),
        user_agent: user_agent.slice(0, 256),
        details: JSON.stringify(details),
      };
      try {
        await database("events").insert(row);
      } catch (error) {
        if (!isForeignKeyViolation(error)) throw error;
        // Somebody whose account was deleted at the same time, or by what is recorded.
        await database("events").insert({
          ...row,
          actor_id: await existing(event.actor_id),
          subject_id: await existing(event.subject_id),
        });
      }
    },

    /** Newest first. */
    async list(query: EventsQuery): Promise<Event[]> {
      const { user_id, group, limit } = query;
      const conditions =
        user_id !== undefined
          ? [{ actor_id: user_id }, { subject_id: user_id }]
          : group
            ? namesOf(group).map((name) => ({ name }))
            : [{}];
      const rows = await database("events")
        .whereIn("id", newest(query, conditions))
        .orderBy("id", "desc")
        .limit(limit)
        .select(eventColumns);
      return rows.map(readEvent);
    },

    /** The next events in their order, for reading all of them in batches. */
    async listAfter(id: number, { since = "", limit }: { since?: Timestamp; limit: number }): Promise<Event[]> {
      const rows = await database("events")
        .where("id", ">", id)
        .where("created_at", ">=", since)
        .orderBy("id")
        .limit(limit)
        .select(eventColumns);
      return rows.map(readEvent);
    },

    /** Deletes what happened before. Returns how many events that were. */
    async deleteBefore(time: Timestamp): Promise<number> {
      let total = 0;
      for (;;) {
        const oldest = database("events").where("created_at", "<", time).orderBy("created_at").limit(deletionBatch);
        const count = await database("events")
          .whereIn("id", database.from(oldest.select("id").as("oldest")))
          .delete();
        total += count;
        if (count < deletionBatch) return total;
      }
    },
  };
}

function namesOf(group: EventGroup): string[] {
  return Object.keys(eventGroups[group]);
}

function readEvent({ details, ...row }: Omit<Event, "details"> & { details: string }): Event {
  return { ...row, details: JSON.parse(details) as EventDetails };
}
