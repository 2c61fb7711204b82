import { readFileSync } from "node:fs";
import { text } from "node:stream/consumers";

import type { Knex } from "knex";

import type { LoadedConfig } from "../../src/config/config.ts";
import { replaceSecretKey, writeNextSecretKey } from "../../src/config/data-directory.ts";
import { settings } from "../../src/config/settings.ts";
import { locationName } from "../../src/database/location.ts";
import { migrate } from "../../src/database/migrate.ts";
import { secretKeys } from "../../src/repositories/accounts/secret-keys.ts";
import { randomToken } from "../../src/security/crypto.ts";
import { CommandError } from "../support/command-error.ts";
import { readExistingConfig } from "../support/config.ts";
import { printLine } from "../support/io.ts";
import type { Io } from "../support/io.ts";
import type { CommandOptions } from "../support/options.ts";
import { createSecretKey, inDataDirectory, matchSecretKey } from "../support/secret-key.ts";
import { openTerminal } from "../support/terminal.ts";
import { withDatabase, withOpenDatabase } from "../support/with-database.ts";
import type { OpenDatabase } from "../support/with-database.ts";

/** Replaces the secret key by a new one, while the old one is known and no server runs. */
export async function rotate(io: Io, options: CommandOptions): Promise<void> {
  const loaded = readExistingConfig(io, options);
  const isConfigured = loaded.secret_key !== undefined;
  const is_leaked = options.leaked === true;
  if (isConfigured && options.newKeyFile === undefined)
    throw new CommandError(
      "The secret key comes from LABEL_STUDIO_SECRET_KEY, which this command can't change: write a new key into a file that only you can read, and name it with --new-key-file (- for standard input).",
    );
  const to = options.newKeyFile === undefined ? randomToken(50) : await readNewKey(io, options.newKeyFile);

  const rotateKey = async ({ database, config: { secret_key: from } }: OpenDatabase) => {
    if (from === to) throw new CommandError("The new key is the one already in use. Choose another one.");
    const write = (change: typeof replaceSecretKey) => {
      if (!isConfigured) inDataDirectory(loaded, () => change(loaded.data_dir, to));
    };
    // Whichever of the two keys fits counts until the database has changed, so that a crash in between loses none.
    await secretKeys(database).rotate({ from, to, is_leaked, beforeCommit: () => write(writeNextSecretKey) });
    write(replaceSecretKey);
  };
  await withDatabase(io, loaded, rotateKey, { lock: true });

  printLine(io.stdout, [...rotatedNotice(loaded), ...(is_leaked ? leakedNotice : keptNotice)].join("\n"));
}

function rotatedNotice({ secret_key, data_dir }: LoadedConfig): string[] {
  return [
    "The secret key was replaced.",
    secret_key === undefined
      ? `The new one is in ${data_dir}/.env: keep a copy of it.`
      : "Now give the new one to every server as LABEL_STUDIO_SECRET_KEY, and start them.",
    "Older backups can only be restored with the old key: keep it with them.",
  ];
}

const keptNotice = [
  "Passwords, keys, tokens, the invitation link and sessions stay valid. Only access tokens end, which last five minutes anyway.",
];

const leakedNotice = [
  "Personal access tokens, sessions and links to set a password have ended; legacy tokens and the invitation link are new. Keys stay valid: only their digests are stored.",
  "Passwords and two-factor stay valid, but somebody who also has a copy of the database can try to guess the passwords and knows the codes: ask everybody to choose a new password and to set two-factor up again.",
];

async function readNewKey({ stdin }: Io, file: string): Promise<string> {
  const key = (await readInput(stdin, file)).replace(/\r?\n$/, "");
  if (settings.secret_key.schema.safeParse(key).success && !/[\r\n\0]/.test(key)) return key;
  throw new CommandError(`--new-key-file has no usable key: use ${settings.secret_key.allowed}, on one line.`);
}

async function readInput(stdin: Io["stdin"], file: string): Promise<string> {
  try {
    return file === "-" ? await text(stdin) : readFileSync(file, "utf8");
  } catch {
    throw new CommandError(`--new-key-file ${file} can't be read: use a file that this user can read.`);
  }
}

/** Starts anew with another secret key, after the one of the database was lost. */
export async function reset(io: Io, options: CommandOptions): Promise<void> {
  const loaded = readExistingConfig(io, options);
  const name = locationName(loaded.database);
  const inspect = async (database: Knex) => {
    if ((await matchSecretKey(database, loaded)).comparison !== "different")
      throw new CommandError(
        `The secret key of ${name} is here, so nothing is lost. To replace it: label-studio secret-key rotate`,
      );
    await confirm(io, options, name);
  };

  await withOpenDatabase(io, loaded, { lock: true, inspect }, ({ database }) =>
    migrate(database, async (transaction) => {
      const { key } = await matchSecretKey(transaction, loaded);
      await secretKeys(transaction).reset(key ?? createSecretKey(loaded));
    }),
  );

  printLine(io.stdout, resetNotice(loaded).join("\n"));
}

async function confirm(io: Io, options: CommandOptions, name: string): Promise<void> {
  if (options.yes) return;
  printLine(
    io.stderr,
    `This gives ${name} a new secret key. Everybody needs a new password (label-studio reset_password), legacy tokens and the invitation link are replaced, and personal access tokens end. If the old key may still turn up, for example with a backup, stop here.`,
  );
  if (!io.stdin.isTTY) throw new CommandError("Nothing was changed. To continue without being asked, give --yes.");
  const terminal = openTerminal(io);
  const answer = await terminal.ask('Type "reset" to continue: ').finally(() => terminal.close());
  if (answer?.trim() !== "reset") throw new CommandError("Nothing was changed.");
}

function resetNotice({ secret_key, data_dir }: LoadedConfig): string[] {
  const place = secret_key === undefined ? `${data_dir}/.env` : "LABEL_STUDIO_SECRET_KEY";
  return [
    `The database now belongs to the secret key in ${place}: keep a copy of it.`,
    "Next: label-studio reset_password --username EMAIL for everybody, the owner first. Then start the server.",
    "Passwords from Label Studio that were never used here still work. Legacy tokens and the invitation link are new; personal access tokens have to be created again. Keys still work, and two-factor is off for everybody.",
  ];
}
