import { locationName } from "../../src/database/location.ts";
import { events } from "../../src/repositories/accounts/events.ts";
import { recoveryLinks } from "../../src/repositories/accounts/recovery-links.ts";
import { randomToken } from "../../src/security/crypto.ts";
import { linkTo } from "../support/address.ts";
import { CommandError } from "../support/command-error.ts";
import { readExistingConfig } from "../support/config.ts";
import { printLine } from "../support/io.ts";
import type { Io } from "../support/io.ts";
import type { CommandOptions } from "../support/options.ts";
import { mentionTwoFactor } from "../support/two-factor-note.ts";
import { withDatabase } from "../support/with-database.ts";

/**
 * Prints a link with which a person sets their password, and ends older ones. Whoever runs this never sees the password. Throws
 * CommandError for somebody who is not there or may not log in.
 */
export async function resetLink(io: Io, options: CommandOptions): Promise<void> {
  const config = readExistingConfig(io, options);
  const { username } = config;
  if (!username) throw new CommandError("Give the person's email: --username EMAIL.");
  const { token, expires_at } = await withDatabase(io, config, async ({ database, keys }) => {
    const account = await recoveryLinks(database, keys).findAccountByEmail(username);
    if (!account) throw new CommandError(`There is no user ${username} in ${locationName(config.database)}.`);
    if (!account.is_active)
      throw new CommandError(`${username} is deactivated or removed, so a link would do nothing. Nothing was changed.`);
    const { id: user_id } = account.user;
    const made = { token: randomToken(), created_by_id: null };
    const { expires_at } = await recoveryLinks(database, keys).create({ user_id, ...made });
    await events(database).add({ name: "authn_recovery_link_created", actor_id: null, subject_id: user_id });
    await mentionTwoFactor(io, { database, keys }, account.user);
    return { ...made, expires_at };
  });
  const link = linkTo(config, `/user/set-password/?token=${token}`);
  if (options.json) return printLine(io.stdout, JSON.stringify({ username, link, expires_at }));
  printLine(io.stdout, link);
  printLine(
    io.stderr,
    `It works once, for 24 hours. Send it to ${username} and nobody else: whoever opens it sets the password.`,
  );
  if (!config.host)
    printLine(
      io.stderr,
      "It works on this machine only, unless you put in the address that people use: --host URL, or LABEL_STUDIO_HOST.",
    );
}
