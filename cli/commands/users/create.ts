import { locationName } from "../../../src/database/location.ts";
import { submit } from "../../../src/forms/form.ts";
import { signupForm, splitName } from "../../../src/forms/signup.ts";
import { events } from "../../../src/repositories/accounts/events.ts";
import { organizations } from "../../../src/repositories/accounts/organizations.ts";
import { UniqueViolationError } from "../../../src/repositories/errors.ts";
import { people } from "../../../src/repositories/accounts/people.ts";
import { users } from "../../../src/repositories/accounts/users.ts";
import { CommandError } from "../../support/command-error.ts";
import { readExistingConfig } from "../../support/config.ts";
import { printLine } from "../../support/io.ts";
import type { Io } from "../../support/io.ts";
import type { CommandOptions } from "../../support/options.ts";
import { printPerson } from "../../support/people.ts";
import { openTerminal, readPassword } from "../../support/terminal.ts";
import { withDatabase } from "../../support/with-database.ts";

/** Creates a member with the password that is typed, or that standard input has. Throws CommandError. */
export async function createUser(io: Io, options: CommandOptions, email: string): Promise<void> {
  const config = readExistingConfig(io, options);
  await withDatabase(io, config, async (open) => {
    const { database, keys } = open;
    if (!(await organizations(database, keys.cipher).first()))
      throw new CommandError(
        `${locationName(config.database)} has no organization yet. Make its owner with: label-studio init`,
      );
    const existing = await people(database).findByEmail(email);
    if (existing?.status === "removed")
      throw new CommandError(
        `${existing.email} was removed. To bring them back: label-studio users restore ${existing.email}`,
      );
    if (existing) throw takenError(existing.email);

    const password = await askPassword(io, options);
    const form = await submit(signupForm(config.password_min_length), { email, name: options.name, password });
    if (!form.ok) throw new CommandError(Object.values(form.errors).flat().join("\n"));
    const { name, ...data } = form.data;
    const person = await users(database, keys)
      .create({ email: data.email, password: data.password, ...splitName(name) })
      .catch((error: unknown) => {
        throw error instanceof UniqueViolationError ? takenError(data.email) : error;
      });
    await events(database).add({ name: "user_created", actor_id: null, subject_id: person.id });
    if (options.json) await printPerson(io, open, person);
    else printLine(io.stdout, `${person.email} can log in.`);
  });
}

async function askPassword(io: Io, { passwordStdin }: CommandOptions): Promise<string> {
  if (passwordStdin) return readPassword(io);
  const terminal = openTerminal(io);
  try {
    return (await terminal.askSecretly("Password:")) ?? "";
  } finally {
    terminal.close();
  }
}

function takenError(email: string): CommandError {
  return new CommandError(`There is already an account with the email ${email}.`);
}
