import { accountStatus } from "../../src/repositories/accounts/account-status.ts";
import { events } from "../../src/repositories/accounts/events.ts";
import { CommandError } from "../support/command-error.ts";
import { readExistingConfig } from "../support/config.ts";
import { printLine } from "../support/io.ts";
import type { Io } from "../support/io.ts";
import type { CommandOptions } from "../support/options.ts";
import { findPerson } from "../support/people.ts";
import { withDatabase } from "../support/with-database.ts";

/** Lets a person log in with the password alone, when their phone and their recovery codes are gone. */
export async function disableTwoFactor(io: Io, options: CommandOptions): Promise<void> {
  const loaded = readExistingConfig(io, options);
  const { username } = loaded;
  if (!username) throw new CommandError("Say whose, with --username: the email the person logs in with.");
  await withDatabase(io, loaded, async (open) => {
    const person = await findPerson(open, username);
    if (!(await accountStatus(open.database, open.keys).disableTwoFactor(person.id)))
      throw new CommandError(`${person.email} has no two-factor log-in.`);
    await events(open.database).add({ name: "authn_mfa_disabled", actor_id: null, subject_id: person.id });
    printLine(io.stdout, `Two-factor log-in of ${person.email} is off: the password alone lets them in.`);
  });
}
