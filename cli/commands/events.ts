import { parseTimestamp } from "../../src/common/timestamps.ts";
import type { Timestamp } from "../../src/common/timestamps.ts";
import { eventMessages, events } from "../../src/repositories/accounts/events.ts";
import { members } from "../../src/repositories/accounts/members.ts";
import { CommandError } from "../support/command-error.ts";
import { readExistingConfig } from "../support/config.ts";
import { printLine } from "../support/io.ts";
import type { Io } from "../support/io.ts";
import type { CommandOptions } from "../support/options.ts";
import { withDatabase } from "../support/with-database.ts";

const batchSize = 1000;

/** Prints what happened to accounts and the organization, oldest first, a line each; with --json as objects, people by their emails. */
export async function listEvents(io: Io, options: CommandOptions): Promise<void> {
  const since = options.since === undefined ? "" : parseSince(options.since);
  await withDatabase(io, readExistingConfig(io, options), async ({ database }) => {
    for (let last = 0; ;) {
      const batch = await events(database).listAfter(last, { since, limit: batchSize });
      const people = await members(database).listByIds(
        batch.flatMap(({ actor_id, subject_id }) => [actor_id, subject_id]),
      );
      const emails = new Map(people.map(({ user }) => [user.id, user.email]));
      for (const { name, actor_id, subject_id, ...event } of batch) {
        const by = actor_id === null ? null : (emails.get(actor_id) ?? null);
        const user = subject_id === null ? null : (emails.get(subject_id) ?? null);
        if (options.json) printLine(io.stdout, JSON.stringify({ ...event, event: name, user, by }));
        else printLine(io.stdout, line({ ...event, words: eventMessages[name], user, by }));
      }
      if (batch.length < batchSize) return;
      last = batch.at(-1)?.id ?? last;
    }
  });
}

interface Line {
  created_at: Timestamp;
  words: string;
  user: string | null;
  by: string | null;
  ip: string;
  details: Record<string, unknown>;
}

/** "2026-11-29T08:00:00Z  logged in  ann@example.com  203.0.113.7". */
function line({ created_at, words, user, by, ip, details }: Line): string {
  const who = by === user ? (user ?? "") : `${user ?? ""} by ${by ?? (ip ? "a stranger" : "the command line")}`.trim();
  // As JSON, since what people type may hold line breaks and sequences that a terminal obeys.
  const rest = Object.keys(details).length > 0 ? JSON.stringify(details) : "";
  return [`${created_at.slice(0, 19)}Z`, words, who, ip, rest].filter(Boolean).join("  ");
}

/** A time in ISO 8601, or so many days or hours ago. */
function parseSince(text: string): Timestamp {
  const [, count, unit] = /^(\d{1,6})([dh])$/.exec(text) ?? [];
  const time = count
    ? parseTimestamp(new Date(Date.now() - Number(count) * (unit === "d" ? 86_400_000 : 3_600_000)).toISOString())
    : parseTimestamp(text);
  if (time !== undefined) return time;
  throw new CommandError(
    `--since can't be ${JSON.stringify(text)}: use a time such as 2026-11-29 or 2026-11-29T08:00:00Z, or 7d or 12h for how long ago.`,
  );
}
