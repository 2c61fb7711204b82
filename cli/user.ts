import { pythonRepr } from "../src/common/python-repr.ts";
import { loadConfig } from "../src/config/config.ts";
import { locationName } from "../src/database/location.ts";
import { presentUser } from "../src/presenters/user.ts";
import { CommandError } from "./errors.ts";
import { defaultUsername } from "./initial-user.ts";
import { withRepositories } from "./open.ts";
import { configOptions } from "./options.ts";
import type { CommandOptions } from "./options.ts";

/** Prints a person's record with the legacy token, as the last lines of the output. */
export async function user(options: CommandOptions): Promise<void> {
  const config = loadConfig(configOptions(options));
  const username = config.username ?? defaultUsername;
  const print = options.json ? JSON.stringify : pythonRepr;

  const record = await withRepositories(config, async ({ users, organizations, legacyTokens }) => {
    const person = await users.findByEmail(username);
    const organization = await organizations.first();
    if (!person || !organization) return undefined;
    const owner_email = await organizations.ownerEmail(organization);
    const token = (await legacyTokens.findByUser(person.id))?.token;
    return { ...presentUser(person, { organization, owner_email, config }), token, status: "ok" };
  });

  if (record) {
    process.stdout.write(options.json ? `${print(record)}\n` : `=> User info:\n${print(record)}\n`);
  } else {
    process.stdout.write(`${print({ status: "error", message: `user ${username} doesn't exist` })}\n`);
    throw new CommandError(`There is no user ${username} in ${locationName(config.database)}.`);
  }
}
