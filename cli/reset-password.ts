import { loadConfig } from "../src/config/config.ts";
import { locationName } from "../src/database/location.ts";
import { submit } from "../src/forms/form.ts";
import { newPasswordForm } from "../src/forms/passwords.ts";
import type { User } from "../src/repositories/accounts/user-columns.ts";
import { CommandError } from "./errors.ts";
import { withRepositories } from "./open.ts";
import { configOptions } from "./options.ts";
import type { CommandOptions } from "./options.ts";
import { openTerminal, readPassword } from "./terminal.ts";
import type { Terminal } from "./terminal.ts";

/** Sets a person's password and ends their sessions. Asks for the username and the password when they are not given. */
export async function resetPassword(options: CommandOptions): Promise<void> {
  const config = loadConfig(configOptions(options));
  if (options.passwordStdin && !config.username) {
    throw new CommandError("--password-stdin takes all of standard input: give --username too.");
  }
  const given = options.passwordStdin ? await readPassword() : config.password;
  const terminal = given === undefined || !config.username ? openTerminal() : undefined;

  try {
    await withRepositories(config, async ({ users, loginThrottle }) => {
      const username = config.username ?? (await terminal?.ask("Username: "))?.trim() ?? "";
      if (username === "") throw new CommandError("Give a username: the email address the person logs in with.");
      const person = await users.findByEmail(username);
      if (!person) {
        throw new CommandError(
          `User with username ${username} not found\nThe database that was searched: ${locationName(config.database)}`,
        );
      }
      const password = given ?? (await askPassword(terminal)) ?? "";
      await refuseUnusablePassword(password, person, config.password_min_length);
      if (await users.hasPassword(person.id, password))
        throw new CommandError("Entered password is the same as current");
      await users.changePassword(person.id, password);
      await loginThrottle.resetLogin(person.email);
    });
  } finally {
    terminal?.close();
  }
  process.stdout.write("Password successfully changed\n");
}

async function askPassword(terminal: Terminal | undefined): Promise<string | undefined> {
  return terminal?.askSecretly("New password:");
}

/** Throws CommandError when this person can't have this password. */
export async function refuseUnusablePassword(password: string, person: User, minLength: number): Promise<void> {
  if (password === "") throw new CommandError("Can not set empty password");
  const form = await submit(newPasswordForm(minLength, person), { password });
  if (!form.ok) throw new CommandError((form.errors.password ?? []).join(" "));
}
