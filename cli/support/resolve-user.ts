import type { Config, LoadedConfig } from "../../src/config/config.ts";
import type { Repositories } from "../../src/repositories/index.ts";
import type { User } from "../../src/repositories/accounts/user-columns.ts";
import { assertUsablePassword } from "./assert-usable-password.ts";
import { CommandError } from "./command-error.ts";
import { createUser, optionSources, validateNewUser } from "./create-user.ts";
import { printLine } from "./io.ts";
import type { Io } from "./io.ts";
import { defaultUsername } from "./options.ts";
import { openTerminal } from "./terminal.ts";

type Needs = Pick<Repositories, "users" | "events" | "loginThrottle">;

/**
 * The user of `init`: the one of --username, or else the default user, or else the one that is typed in; created when there
 * is no such user. Undefined with --quiet and no username. Throws CommandError.
 */
export async function resolveUser(
  io: Io,
  repositories: Needs,
  config: Config,
  { quiet }: { quiet: boolean },
): Promise<User | undefined> {
  const defaultUser = config.username ? undefined : await repositories.users.findByEmail(defaultUsername);
  if (defaultUser) {
    const isChanged = await changePassword(repositories, config, defaultUser);
    printLine(io.stdout, `User ${defaultUser.email} ${isChanged ? "password changed" : "already exists"}`);
    return defaultUser;
  }
  if (quiet && !config.username) return undefined;

  const { username, password } = quiet ? config : await askForMissing(io, isKnownIn(repositories), config);
  const { user, isNew } = await createUser(repositories, { ...config, username, password }, sourcesOf(config));
  if (!isNew) printLine(io.stdout, `User ${username} already exists`);
  return user;
}

/**
 * The email and the password of the user whom `init` makes where nobody is yet, validated; asks for what is missing. Without
 * either with --quiet and no username. Throws CommandError.
 */
export async function resolveFirstUser(
  io: Io,
  config: LoadedConfig,
  { quiet }: { quiet: boolean },
): Promise<Credentials> {
  const { username, password } = config;
  if (quiet && !username) return { username, password };
  const credentials = quiet ? { username, password } : await askForMissing(io, async () => false, config);
  await validateNewUser({ ...config, ...credentials }, sourcesOf(config));
  return credentials;
}

type Credentials = Pick<Config, "username" | "password">;

/** What error messages call what was typed in, and what was not. */
function sourcesOf({ username, password }: Credentials): typeof optionSources {
  return {
    email: username ? optionSources.email : "The email",
    password: password === undefined ? "The password" : optionSources.password,
  };
}

/** Sets the default user's password to that of --password, if it is another one. Tells whether it was. */
async function changePassword(
  { users, loginThrottle }: Pick<Needs, "users" | "loginThrottle">,
  { password, password_min_length }: Config,
  user: User,
): Promise<boolean> {
  if (password === undefined || (await users.hasPassword(user.id, password))) return false;
  await assertUsablePassword(password, user, password_min_length);
  await users.changePassword(user.id, password);
  await loginThrottle.resetLogin(user.email);
  return true;
}

function isKnownIn({ users }: Pick<Needs, "users">) {
  return async (email: string) => (await users.findByEmail(email)) !== undefined;
}

/** Email and password of the options; asks for what is missing and needed. */
async function askForMissing(
  io: Io,
  isKnown: (email: string) => Promise<boolean>,
  { username, password }: Credentials,
): Promise<Credentials> {
  if (username && (password !== undefined || (await isKnown(username)))) return { username, password };
  const terminal = openTerminal(io);
  try {
    if (!username) printLine(io.stdout, `Please enter default user email, or press Enter to use ${defaultUsername}`);
    const email = username ?? (required(await terminal.ask("Email: ")).trim() || defaultUsername);
    if (password !== undefined || (await isKnown(email))) return { username: email, password };
    return { username: email, password: required(await terminal.askSecretly(`User password for ${email}: `)) };
  } finally {
    terminal.close();
  }
}

function required(answer: string | undefined): string {
  if (answer !== undefined) return answer;
  throw new CommandError("Nobody answered. Give --username and --password, or --quiet to create no user.");
}
