import type { Config } from "../../src/config/config.ts";
import { submit } from "../../src/forms/form.ts";
import { signupForm } from "../../src/forms/signup.ts";
import type { Repositories } from "../../src/repositories/index.ts";
import type { User } from "../../src/repositories/accounts/user-columns.ts";
import { UniqueViolationError } from "../../src/repositories/errors.ts";
import { CommandError } from "./command-error.ts";

/** What error messages call the email and the password, by where they came from. */
interface Sources {
  email: string;
  password: string;
}

export const optionSources: Sources = {
  email: "--username (LABEL_STUDIO_USERNAME)",
  password: "--password (LABEL_STUDIO_PASSWORD)",
};

/** Creates the user of --username; one that exists stays as it is. Throws CommandError. */
export async function createUser(
  { users, events }: Pick<Repositories, "users" | "events">,
  config: Config,
  sources = optionSources,
): Promise<{ user: User; isNew: boolean }> {
  const { username = "", user_token: token } = config;
  const existing = await users.findByEmail(username);
  if (existing) return { user: existing, isNew: false };
  const data = await validateNewUser(config, sources);
  try {
    const user = await users.create({
      email: data.email,
      password: data.password,
      username: "",
      legacy_api_tokens_enabled: config.enable_legacy_api_token,
      ...(token && { token }),
    });
    await events.add({ name: "user_created", actor_id: null, subject_id: user.id });
    return { user, isNew: true };
  } catch (error) {
    if (!(error instanceof UniqueViolationError)) throw error;
    if (error.field === "token")
      throw new CommandError(
        "--user-token (LABEL_STUDIO_USER_TOKEN) can't be used: another user has this token. Choose another one.",
      );
    // Another process has created the user since we looked.
    const other = await users.findByEmail(data.email);
    if (!other) throw error;
    return { user: other, isNew: false };
  }
}

/** What `createUser` stores of somebody who does not exist yet. Throws CommandError for what can't be used. */
export async function validateNewUser(
  { username = "", password, user_token, password_min_length }: NewUserSettings,
  sources = optionSources,
): Promise<{ email: string; password: string }> {
  if (password === undefined) {
    throw new CommandError(`There is no user ${username} yet. Give a password, too: --password or --password-stdin.`);
  }
  assertUsableToken(user_token);
  const form = await submit(signupForm(password_min_length), { email: username, password });
  if (form.ok) return form.data;
  const [field, messages] = Object.entries(form.errors)[0] ?? [];
  throw new CommandError(
    `${field === "email" ? sources.email : sources.password} can't be used: ${(messages ?? []).join(" ")}`,
  );
}

type NewUserSettings = Pick<Config, "username" | "password" | "user_token" | "password_min_length">;

function assertUsableToken(token: string | undefined): void {
  if (token === undefined) return;
  if (token.length < 5)
    throw new CommandError(
      "--user-token (LABEL_STUDIO_USER_TOKEN) can't be used: it has fewer than 5 characters. Choose a longer one.",
    );
  if (!/^[\x21-\x7e]{5,256}$/.test(token)) {
    throw new CommandError(
      "--user-token (LABEL_STUDIO_USER_TOKEN) can't be used: use at most 256 letters, digits and signs, without spaces.",
    );
  }
}
