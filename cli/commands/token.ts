import { parseId } from "../../src/common/ids.ts";
import { longestTokenDays } from "../../src/forms/account.ts";
import { findLifetimeError, keysDisabledMessage, tooManyKeysMessage } from "../../src/forms/api-keys.ts";
import { presentApiKey } from "../../src/presenters/api-key.ts";
import { apiKeys, describeKey, isStale } from "../../src/repositories/accounts/api-keys.ts";
import type { ApiKey } from "../../src/repositories/accounts/api-keys.ts";
import { events } from "../../src/repositories/accounts/events.ts";
import { organizations } from "../../src/repositories/accounts/organizations.ts";
import type { Person } from "../../src/repositories/accounts/people.ts";
import { users } from "../../src/repositories/accounts/users.ts";
import { CommandError } from "../support/command-error.ts";
import { readExistingConfig } from "../support/config.ts";
import { printLine } from "../support/io.ts";
import type { Io } from "../support/io.ts";
import type { CommandOptions } from "../support/options.ts";
import { findPerson } from "../support/people.ts";
import { table } from "../support/table.ts";
import { withDatabase } from "../support/with-database.ts";
import type { OpenDatabase } from "../support/with-database.ts";

/** How long a key lasts unless it is said, as on the page. */
const defaultDays = 90;

/** Makes a key for a person, and prints it: the only time that it can be seen. */
export async function create(io: Io, options: CommandOptions): Promise<void> {
  const loaded = readExistingConfig(io, options);
  const name = readName(options);
  await withDatabase(io, loaded, async (open) => {
    const organization = await organizations(open.database, open.keys.cipher).first();
    const person = await findKeyOwner(open, loaded.username);
    if (!organization?.api_tokens_enabled) throw new CommandError(keysDisabledMessage);
    const days = readDays(options, Math.min(defaultDays, organization.api_key_ttl_days));
    const lifetimeError = findLifetimeError(days, organization);
    if (lifetimeError) throw new CommandError(lifetimeError);
    if (person.status !== "active")
      throw new CommandError(`${person.email} was ${person.status}, so a key of theirs would not work.`);
    const is_read_only = options.readOnly === true;
    const made = await apiKeys(open.database).create(person.id, { name, days, is_read_only });
    if (!made?.value) throw new CommandError(tooManyKeysMessage.replace("You have", `${person.email} has`));
    await record(open, "authn_key_created", made.key);
    if (options.json) printLine(io.stdout, JSON.stringify({ ...presentApiKey(made.key), key: made.value }));
    else printLine(io.stdout, made.value);
    if (!options.json) printLine(io.stderr, `Key ${made.key.id} of ${person.email}. Keep it: it can't be shown again.`);
  });
}

/** Lists keys that work: everybody's, or those of --username. */
export async function list(io: Io, options: CommandOptions): Promise<void> {
  await withDatabase(io, readExistingConfig(io, options), async (open) => {
    const person = options.username === undefined ? undefined : await findKeyOwner(open, options.username);
    const keys = await apiKeys(open.database).list(person?.id);
    const emails = await emailsOf(open, keys);
    if (options.json) {
      const records = keys.map((key) => ({ ...presentApiKey(key), username: emails.get(key.user_id) }));
      printLine(io.stdout, JSON.stringify(records));
    } else {
      const heads = ["id", "person", "name", "ends with", "may", "expires", "last used"];
      const rows = keys.map((key) => [String(key.id), emails.get(key.user_id) ?? "", ...describe(key)]);
      for (const line of table(heads, rows)) printLine(io.stdout, line);
    }
  });
}

/** Ends a key: by its id, as `list` prints it, or by its person and its name. */
export async function revoke(io: Io, options: CommandOptions, id: string | undefined): Promise<void> {
  const loaded = readExistingConfig(io, options);
  if ((id === undefined) === (options.name === undefined))
    throw new CommandError("Say which key: by its id from `label-studio token list`, or with --username and --name.");
  await withDatabase(io, loaded, async (open) => {
    const key =
      id === undefined ? await findByName(open, loaded.username, readName(options)) : await findById(open, id);
    const revoked = await apiKeys(open.database).revoke(key.user_id, key.id);
    if (revoked) await record(open, "authn_key_revoked", revoked);
    if (options.json) printLine(io.stdout, JSON.stringify(presentApiKey(key)));
    else printLine(io.stdout, `Key ${key.id} (${key.name}) revoked.`);
  });
}

function readName({ name }: CommandOptions): string {
  const trimmed = name?.trim() ?? "";
  if (trimmed === "") throw new CommandError("Give the key a name that says what it is for, with --name.");
  if (trimmed.length > 100) throw new CommandError("--name is too long: use at most 100 characters.");
  return trimmed;
}

function readDays({ days, never }: CommandOptions, byDefault: number): number | null {
  if (never) return null;
  if (days === undefined) return byDefault;
  const count = /^\d{1,5}$/.test(days) ? Number(days) : 0;
  if (count >= 1 && count <= longestTokenDays) return count;
  throw new CommandError(
    `--days takes a whole number from 1 to ${longestTokenDays}. For a key without an end: --never`,
  );
}

async function findKeyOwner(open: OpenDatabase, username: string | undefined): Promise<Person> {
  if (!username) throw new CommandError("Say whose key it is, with --username: the email the person logs in with.");
  return findPerson(open, username);
}

async function findById({ database }: OpenDatabase, id: string): Promise<ApiKey> {
  const key = await apiKeys(database).find(parseId(id));
  if (!key) throw new CommandError(`No key that works has the id ${id}. \`label-studio token list\` shows them.`);
  return key;
}

async function findByName(open: OpenDatabase, username: string | undefined, name: string): Promise<ApiKey> {
  const person = await findKeyOwner(open, username);
  const [key, ...others] = (await apiKeys(open.database).list(person.id)).filter((each) => each.name === name);
  if (!key) throw new CommandError(`${person.email} has no key that works and is called “${name}”.`);
  if (others.length === 0) return key;
  const ids = [key, ...others].map((each) => each.id).join(", ");
  throw new CommandError(`${person.email} has several keys of this name. Say which one by its id: ${ids}`);
}

async function emailsOf({ database, keys }: OpenDatabase, of: ApiKey[]): Promise<Map<number, string>> {
  const emails = new Map<number, string>();
  for (const id of new Set(of.map(({ user_id }) => user_id)))
    emails.set(id, (await users(database, keys).find(id))?.email ?? "");
  return emails;
}

function describe(key: ApiKey): string[] {
  const used = key.last_used_at?.slice(0, 10) ?? "never";
  return [
    key.name,
    key.last_four,
    key.is_read_only ? "read" : "change",
    key.expires_at?.slice(0, 10) ?? "never",
    isStale(key) ? `${used} (not for 90 days)` : used,
  ];
}

async function record({ database }: OpenDatabase, name: "authn_key_created" | "authn_key_revoked", key: ApiKey) {
  await events(database).add({ name, actor_id: null, subject_id: key.user_id, details: describeKey(key) });
}
