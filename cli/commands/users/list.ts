import { presentPerson } from "../../../src/presenters/person.ts";
import type { PersonRecord } from "../../../src/presenters/person.ts";
import { organizations } from "../../../src/repositories/accounts/organizations.ts";
import { people } from "../../../src/repositories/accounts/people.ts";
import { readExistingConfig } from "../../support/config.ts";
import { printLine } from "../../support/io.ts";
import type { Io } from "../../support/io.ts";
import type { CommandOptions, ShownPeople } from "../../support/options.ts";
import { table } from "../../support/table.ts";
import { withDatabase } from "../../support/with-database.ts";

/** Prints the people of the organization by email, or a part of them: as a table, or as JSON. */
export async function listUsers(io: Io, options: CommandOptions): Promise<void> {
  const records = await withDatabase(io, readExistingConfig(io, options), async ({ database, keys }) => {
    const organization = (await organizations(database, keys.cipher).first()) ?? { created_by_id: null };
    const list: PersonRecord[] = [];
    for await (const person of people(database).stream({
      search: "",
      sort: "email",
      descending: false,
      ...filters[options.show ?? "everyone"],
    }))
      list.push(presentPerson(person, organization));
    return list;
  });

  if (options.json) printLine(io.stdout, JSON.stringify(records));
  else for (const line of table(["email", "name", "status", "id"], records.map(row))) printLine(io.stdout, line);
}

const filters: Record<ShownPeople, { status?: PersonRecord["status"]; never_seen?: boolean }> = {
  everyone: {},
  active: { status: "active" },
  never: { never_seen: true },
  deactivated: { status: "deactivated" },
  removed: { status: "removed" },
};

function row({ id, email, first_name, last_name, role, status }: PersonRecord): (string | number)[] {
  const name = `${first_name} ${last_name}`.trim();
  return [email, name, role === "owner" ? "owner" : status, id];
}
