import { readExistingConfig } from "../../support/config.ts";
import { printLine } from "../../support/io.ts";
import type { Io } from "../../support/io.ts";
import type { CommandOptions } from "../../support/options.ts";
import { findPerson, personRecord } from "../../support/people.ts";
import { withDatabase } from "../../support/with-database.ts";

/** Prints what is known of a person, a line each, or as JSON. */
export async function showUser(io: Io, options: CommandOptions, identifier: string): Promise<void> {
  const record = await withDatabase(io, readExistingConfig(io, options), async (open) =>
    personRecord(open, await findPerson(open, identifier)),
  );

  if (options.json) return printLine(io.stdout, JSON.stringify(record));
  for (const [name, value] of Object.entries(record))
    printLine(io.stdout, `${`${name}:`.padEnd(15)}${value ?? (name === "last_activity" ? "never" : "")}`.trimEnd());
}
