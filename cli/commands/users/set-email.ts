import { submit } from "../../../src/forms/form.ts";
import { emailForm } from "../../../src/forms/email.ts";
import { emailChanges } from "../../../src/repositories/accounts/email-changes.ts";
import { events } from "../../../src/repositories/accounts/events.ts";
import { UniqueViolationError } from "../../../src/repositories/errors.ts";
import { CommandError } from "../../support/command-error.ts";
import { readExistingConfig } from "../../support/config.ts";
import { printLine } from "../../support/io.ts";
import type { Io } from "../../support/io.ts";
import type { CommandOptions } from "../../support/options.ts";
import { findPerson, printPerson } from "../../support/people.ts";
import { withDatabase } from "../../support/with-database.ts";

/** Changes a person's email, and their next page says so; with --json prints the person. Throws CommandError. */
export async function setEmail(
  io: Io,
  options: CommandOptions,
  person: string | undefined,
  email: string | undefined,
): Promise<void> {
  const identifier = person ?? options.username;
  const typed = email ?? options.email;
  if (!identifier || !typed)
    throw new CommandError("Say who, and the new email: label-studio users set-email --username EMAIL --email NEW");
  const form = await submit(emailForm, { email: typed });
  if (!form.ok) throw new CommandError(`${typed} can't be used: ${(form.errors.email ?? []).join(" ")}`);
  const { email: to } = form.data;
  await withDatabase(io, readExistingConfig(io, options), async (open) => {
    const { id, email: from } = await findPerson(open, identifier);
    if (from === to) throw new CommandError(`${to} is their email already.`);
    await emailChanges(open.database)
      .set(id, to)
      .catch((error: unknown) => {
        throw error instanceof UniqueViolationError
          ? new CommandError(`There is already an account with the email ${to}. Nothing was changed.`)
          : error;
      });
    const details = { from, to };
    await events(open.database).add({ name: "user_email_changed", actor_id: null, subject_id: id, details });
    if (options.json) await printPerson(io, open, { id, email: to });
    else printLine(io.stdout, `${from} is ${to} now, and logs in with that. Links to set their password have ended.`);
  });
}
