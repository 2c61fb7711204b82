import type { Config } from "../src/config/config.ts";
import type { Repositories } from "../src/repositories/index.ts";
import type { User } from "../src/repositories/accounts/user-columns.ts";
import { CommandError } from "./errors.ts";
import { createFirstUser, optionSources } from "./first-user.ts";
import { refuseUnusablePassword } from "./reset-password.ts";
import { openTerminal } from "./terminal.ts";

/** Who a command is about when it names nobody. */
export const defaultUsername = "default_user@localhost";

type Needs = Pick<Repositories, "users" | "loginThrottle">;

/**
 * The user that `init` is for: who is named, or else the default one, or else who is asked for. Whoever is not there is
 * made, and who is there is told. Undefined when nobody is named and nobody may be asked. Throws CommandError.
 */
export async function initialUser(
  repositories: Needs,
  config: Config,
  { quiet, tell }: { quiet: boolean; tell: (line: string) => void },
): Promise<User | undefined> {
  const usual = config.username ? undefined : await repositories.users.findByEmail(defaultUsername);
  if (usual) {
    tell(
      `User ${usual.email} ${(await passwordChanged(repositories, config, usual)) ? "password changed" : "already exists"}`,
    );
    return usual;
  }
  if (quiet && !config.username) return undefined;

  const { username, password } = quiet ? config : await completed(repositories, config);
  const { user, isNew } = await createFirstUser(
    repositories,
    { ...config, username, password },
    {
      email: config.username ? optionSources.email : "The email",
      password: config.password === undefined ? "The password" : optionSources.password,
    },
  );
  if (!isNew) tell(`User ${username} already exists`);
  return user;
}

/** Sets the default user's password when another one is given. */
async function passwordChanged(
  { users, loginThrottle }: Needs,
  { password, password_min_length }: Config,
  user: User,
): Promise<boolean> {
  if (password === undefined || (await users.hasPassword(user.id, password))) return false;
  await refuseUnusablePassword(password, user, password_min_length);
  await users.changePassword(user.id, password);
  await loginThrottle.resetLogin(user.email);
  return true;
}

/** Email and password: as they are given, and asked for where they are missing and needed. */
async function completed(
  { users }: Pick<Needs, "users">,
  { username, password }: Config,
): Promise<Pick<Config, "username" | "password">> {
  const isKnown = async (email: string) => (await users.findByEmail(email)) !== undefined;
  if (username && (password !== undefined || (await isKnown(username)))) return { username, password };
  const terminal = openTerminal();
  try {
    if (!username) process.stdout.write(`Please enter default user email, or press Enter to use ${defaultUsername}\n`);
    const email = username ?? (answered(await terminal.ask("Email: ")).trim() || defaultUsername);
    if (password !== undefined || (await isKnown(email))) return { username: email, password };
    return { username: email, password: answered(await terminal.askSecretly(`User password for ${email}: `)) };
  } finally {
    terminal.close();
  }
}

function answered(answer: string | undefined): string {
  if (answer !== undefined) return answer;
  throw new CommandError("Nobody answered: give --username and --password, or --quiet to make no user.");
}
