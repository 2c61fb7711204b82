import { pythonRepr } from "../../src/common/python-repr.ts";
import { locationName } from "../../src/database/location.ts";
import { presentUser } from "../../src/presenters/user.ts";
import { legacyTokens } from "../../src/repositories/accounts/legacy-tokens.ts";
import { organizations } from "../../src/repositories/accounts/organizations.ts";
import { users } from "../../src/repositories/accounts/users.ts";
import { CommandError } from "../support/command-error.ts";
import { readExistingConfig } from "../support/config.ts";
import { printLine } from "../support/io.ts";
import type { Io } from "../support/io.ts";
import { defaultUsername } from "../support/options.ts";
import type { CommandOptions } from "../support/options.ts";
import { withDatabase } from "../support/with-database.ts";
import type { OpenDatabase } from "../support/with-database.ts";

/** Prints a person's record with the legacy token, as the last lines of the output. */
export async function user(io: Io, options: CommandOptions): Promise<void> {
  const loaded = readExistingConfig(io, options);
  const username = loaded.username ?? defaultUsername;
  const format = options.json ? JSON.stringify : pythonRepr;

  const record = await withDatabase(io, loaded, (open) => findRecord(open, username));

  if (record) {
    if (!options.json) printLine(io.stdout, "=> User info:");
    printLine(io.stdout, format(record));
  } else {
    printLine(io.stdout, format({ status: "error", message: `user ${username} doesn't exist` }));
    throw new CommandError(`There is no user ${username} in ${locationName(loaded.database)}.`);
  }
}

async function findRecord({ database, keys, config }: OpenDatabase, username: string) {
  const person = await users(database, keys).findByEmail(username);
  const organization = await organizations(database, keys.cipher).first();
  if (!person || !organization) return undefined;
  const token = (await legacyTokens(database, keys.cipher).findByUser(person.id))?.token;
  return { ...presentUser(person, { organization, config }), token, status: "ok" };
}
