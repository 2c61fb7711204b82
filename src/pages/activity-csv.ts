import { spreadsheetCell } from "../exports/spreadsheet-cell.ts";
import { eventMessages } from "../repositories/accounts/events.ts";
import type { EventsQuery } from "../repositories/accounts/events.ts";
import type { Repositories } from "../repositories/index.ts";

const batchSize = 1000;

const columns = ["time", "event", "what", "by", "account", "ip", "device", "details"];

/** The events that a log shows, newest first, as lines of CSV; people by their email. */
export async function* activityCsv(
  { events, members }: Pick<Repositories, "events" | "members">,
  query: Omit<EventsQuery, "limit">,
): AsyncGenerator<string> {
  yield line(columns);
  for (let before = query.before; ;) {
    const batch = await events.list({ ...query, before, limit: batchSize });
    const people = await members.listByIds(batch.flatMap(({ actor_id, subject_id }) => [actor_id, subject_id]));
    const emails = new Map(people.map(({ user }) => [user.id, user.email]));
    const emailOf = (id: number | null) => (id === null ? "" : (emails.get(id) ?? ""));
    yield batch
      .map(({ created_at, name, actor_id, subject_id, ip, user_agent, details }) =>
        line([
          created_at,
          name,
          eventMessages[name],
          emailOf(actor_id),
          emailOf(subject_id),
          ip,
          user_agent,
          JSON.stringify(details),
        ]),
      )
      .join("");
    if (batch.length < batchSize) return;
    before = batch.at(-1)?.id;
  }
}

function line(cells: string[]): string {
  return `${cells.map(spreadsheetCell).join(",")}\r\n`;
}
