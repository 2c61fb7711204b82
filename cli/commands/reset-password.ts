import { locationName } from "../../src/database/location.ts";
import { loginThrottle } from "../../src/repositories/accounts/login-throttle.ts";
import { users } from "../../src/repositories/accounts/users.ts";
import { assertUsablePassword } from "../support/assert-usable-password.ts";
import { CommandError } from "../support/command-error.ts";
import { readExistingConfig, withPassword } from "../support/config.ts";
import { printLine } from "../support/io.ts";
import type { Io } from "../support/io.ts";
import type { CommandOptions } from "../support/options.ts";
import { openTerminal } from "../support/terminal.ts";
import { withDatabase } from "../support/with-database.ts";

/** Sets a person's password and ends their sessions. Asks for the username and the password when they are not given. */
export async function resetPassword(io: Io, options: CommandOptions): Promise<void> {
  const config = await withPassword(io, options, readExistingConfig(io, options));
  const terminal = config.password === undefined || !config.username ? openTerminal(io) : undefined;

  try {
    await withDatabase(io, config, async ({ database, keys }) => {
      const people = users(database, keys);
      const username = config.username ?? (await terminal?.ask("Username: "))?.trim() ?? "";
      if (username === "") throw new CommandError("Give a username: the email address the person logs in with.");
      const person = await people.findByEmail(username);
      if (!person) {
        throw new CommandError(
          `User with username ${username} not found\nThe database that was searched: ${locationName(config.database)}`,
        );
      }
      const password = config.password ?? (await terminal?.askSecretly("New password:")) ?? "";
      await assertUsablePassword(password, person, config.password_min_length);
      if (await people.hasPassword(person.id, password))
        throw new CommandError("Entered password is the same as current");
      await people.changePassword(person.id, password);
      await loginThrottle(database).resetLogin(person.email);
    });
  } finally {
    terminal?.close();
  }
  printLine(io.stdout, "Password successfully changed");
}
