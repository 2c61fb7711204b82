import { locationName } from "../../src/database/location.ts";
import { presentPerson } from "../../src/presenters/person.ts";
import type { PersonRecord } from "../../src/presenters/person.ts";
import { accountStatus } from "../../src/repositories/accounts/account-status.ts";
import { events } from "../../src/repositories/accounts/events.ts";
import type { EventName } from "../../src/repositories/accounts/events.ts";
import { organizations } from "../../src/repositories/accounts/organizations.ts";
import { people } from "../../src/repositories/accounts/people.ts";
import type { Person } from "../../src/repositories/accounts/people.ts";
import { CommandError } from "./command-error.ts";
import { readExistingConfig } from "./config.ts";
import { printLine } from "./io.ts";
import type { Io } from "./io.ts";
import type { CommandOptions } from "./options.ts";
import { withDatabase } from "./with-database.ts";
import type { OpenDatabase } from "./with-database.ts";

/** Returns the person with this email, or this id. Throws CommandError if there is none. */
export async function findPerson({ database, config }: OpenDatabase, identifier: string): Promise<Person> {
  const person = /^\d{1,9}$/.test(identifier)
    ? await people(database).find(Number(identifier))
    : await people(database).findByEmail(identifier);
  if (!person)
    throw new CommandError(`There is nobody with the email or id ${identifier} in ${locationName(config.database)}.`);
  return person;
}

/** The person as `--json` prints them. */
export async function personRecord({ database, keys }: OpenDatabase, person: Person): Promise<PersonRecord> {
  const organization = await organizations(database, keys.cipher).first();
  return presentPerson(person, organization ?? { created_by_id: null });
}

type Status = ReturnType<typeof accountStatus>;

/** What a command does to a person. */
interface Change {
  event: EventName;
  change: (status: Status, person: Person) => Promise<boolean>;
  /** What is said when it was done. */
  done: (person: Person) => string;
  /** Why it can't be done to this person. */
  refusal: (person: Person, record: PersonRecord) => string;
}

/** Runs a command that changes a person: says what was done, or prints the changed person as JSON. Throws CommandError. */
export async function changePerson(
  io: Io,
  options: CommandOptions,
  identifier: string,
  { event, change, done, refusal }: Change,
): Promise<void> {
  await withDatabase(io, readExistingConfig(io, options), async (open) => {
    const person = await findPerson(open, identifier);
    if (!(await change(accountStatus(open.database, open.keys), person)))
      throw new CommandError(refusal(person, await personRecord(open, person)));
    await events(open.database).add({ name: event, actor_id: null, subject_id: person.id });
    if (options.json) await printPerson(io, open, person);
    else printLine(io.stdout, done(person));
  });
}

/** Prints the person, read again, as one line of JSON. */
export async function printPerson(
  io: Io,
  open: OpenDatabase,
  { id, email }: Pick<Person, "id" | "email">,
): Promise<void> {
  const person = await people(open.database).find(id);
  if (!person) throw new CommandError(`${email} was deleted meanwhile.`);
  printLine(io.stdout, JSON.stringify(await personRecord(open, person)));
}
