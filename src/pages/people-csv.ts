import { spreadsheetCell } from "../exports/spreadsheet-cell.ts";
import { presentPerson } from "../presenters/person.ts";
import type { Person } from "../repositories/accounts/people.ts";

const columns = [
  "id",
  "email",
  "first_name",
  "last_name",
  "role",
  "status",
  "date_joined",
  "invited_by",
  "last_activity",
] as const;

/** A list of people as lines of CSV; the last activity of who never logged in is "never". */
export async function* peopleCsv(
  people: AsyncIterable<Person>,
  organization: { created_by_id: number | null },
): AsyncGenerator<string> {
  yield `${columns.join(",")}\n`;
  for await (const person of people) {
    const record = presentPerson(person, organization);
    const cells = columns.map((column) => record[column] ?? (column === "last_activity" ? "never" : ""));
    yield `${cells.map((cell) => (typeof cell === "number" ? String(cell) : spreadsheetCell(cell))).join(",")}\n`;
  }
}
