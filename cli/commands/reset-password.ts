import type { Knex } from "knex";

import { inTransaction } from "../../src/database/transaction.ts";
import { locationName } from "../../src/database/location.ts";
import { apiKeys } from "../../src/repositories/accounts/api-keys.ts";
import { events } from "../../src/repositories/accounts/events.ts";
import { loginThrottle } from "../../src/repositories/accounts/login-throttle.ts";
import { legacyTokens } from "../../src/repositories/accounts/legacy-tokens.ts";
import { organizations } from "../../src/repositories/accounts/organizations.ts";
import { people } from "../../src/repositories/accounts/people.ts";
import { personalTokens } from "../../src/repositories/accounts/personal-tokens.ts";
import type { User } from "../../src/repositories/accounts/user-columns.ts";
import { users } from "../../src/repositories/accounts/users.ts";
import { assertUsablePassword } from "../support/assert-usable-password.ts";
import { CommandError } from "../support/command-error.ts";
import { readExistingConfig, withPassword } from "../support/config.ts";
import { printLine } from "../support/io.ts";
import type { Io } from "../support/io.ts";
import type { CommandOptions } from "../support/options.ts";
import { openTerminal } from "../support/terminal.ts";
import { mentionTwoFactor } from "../support/two-factor-note.ts";
import { withDatabase } from "../support/with-database.ts";
import type { OpenDatabase } from "../support/with-database.ts";

/**
 * Sets a person's password and ends their sessions; their keys and tokens, too, with --end-tokens. Asks for the username and the
 * password where the options don't say them.
 */
export async function resetPassword(io: Io, options: CommandOptions): Promise<void> {
  const config = await withPassword(io, options, readExistingConfig(io, options));
  const terminal = config.password === undefined || !config.username ? openTerminal(io) : undefined;

  try {
    await withDatabase(io, config, async ({ database, keys }) => {
      const repository = users(database, keys);
      const username = config.username ?? (await terminal?.ask("Username: "))?.trim() ?? "";
      if (username === "") throw new CommandError("Give a username: the email address the person logs in with.");
      const person = await repository.findByEmail(username);
      if (!person) {
        throw new CommandError(
          `User with username ${username} not found\nDatabase searched: ${locationName(config.database)}`,
        );
      }
      await assertMayLogIn(database, person);
      const password = config.password ?? (await terminal?.askSecretly("New password:")) ?? "";
      await assertUsablePassword(password, person, config.password_min_length);
      if (await repository.hasPassword(person.id, password))
        throw new CommandError("Entered password is the same as current");
      await repository.changePassword(person.id, password);
      await loginThrottle(database).resetLogin(person.email);
      await loginThrottle(database).resetSecondFactor(person.id);
      const details = { tokens_ended: options.endTokens === true };
      await events(database).add({ name: "authn_password_change", actor_id: null, subject_id: person.id, details });
      printLine(io.stdout, "Password successfully changed");
      if (options.endTokens) await endTokens(io, { database, keys }, person);
      else await mentionTokens(io, { database, keys }, person);
      await mentionTwoFactor(io, { database, keys }, person);
    });
  } finally {
    terminal?.close();
  }
}

/** No password lets somebody in who was removed or deactivated. Throws CommandError. */
async function assertMayLogIn(database: Knex, { id, email }: User): Promise<void> {
  const { status = "active" } = (await people(database).find(id)) ?? {};
  if (status === "removed")
    throw new CommandError(
      `${email} was removed, so no password lets them in. To bring them back first: label-studio users restore ${email}`,
    );
  if (status === "deactivated")
    throw new CommandError(
      `${email} is deactivated, so no password lets them in. To let them log in first: label-studio users activate ${email}`,
    );
}

type Tables = Pick<OpenDatabase, "database" | "keys">;

async function endTokens(io: Io, { database, keys }: Tables, { id }: User): Promise<void> {
  await inTransaction(database, async (transaction) => {
    await personalTokens(transaction, keys.cipher).revokeAll(id);
    await apiKeys(transaction).revokeAll(id);
    await legacyTokens(transaction, keys.cipher).reset(id);
  });
  printLine(io.stdout, "Their keys and tokens have ended, and they have a new legacy token.");
}

/** A password that became known to others may have been used to make tokens, which outlast it. */
async function mentionTokens(io: Io, { database, keys }: Tables, { id, email }: User): Promise<void> {
  const organization = await organizations(database, keys.cipher).first();
  const isEnabled = organization?.api_tokens_enabled;
  const keyCount = isEnabled ? (await apiKeys(database).list(id)).length : 0;
  const tokenCount = isEnabled ? (await personalTokens(database, keys.cipher).list(id)).length : 0;
  const tokens = [
    ...(organization?.legacy_api_tokens_enabled ? ["their legacy token"] : []),
    ...(keyCount > 0 ? [`${keyCount} ${keyCount === 1 ? "key" : "keys"}`] : []),
    ...(tokenCount > 0 ? [`${tokenCount} personal access ${tokenCount === 1 ? "token" : "tokens"}`] : []),
  ];
  if (tokens.length === 0) return;
  const verb = tokens.length > 1 || keyCount > 1 || tokenCount > 1 ? "work" : "works";
  printLine(
    io.stderr,
    `Note: ${tokens.join(" and ")} still ${verb}. End them with: label-studio reset_password --username ${email} --end-tokens`,
  );
}
