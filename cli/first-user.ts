import type { Config } from "../src/config/config.ts";
import { submit } from "../src/forms/form.ts";
import { signupForm } from "../src/forms/signup.ts";
import type { Repositories } from "../src/repositories/index.ts";
import type { User } from "../src/repositories/accounts/user-columns.ts";
import { UniqueViolationError } from "../src/repositories/errors.ts";
import { CommandError } from "./errors.ts";

/** What messages call the email and the password, by how they were given. */
export interface Sources {
  email: string;
  password: string;
}

export const optionSources: Sources = {
  email: "--username (LABEL_STUDIO_USERNAME)",
  password: "--password (LABEL_STUDIO_PASSWORD)",
};

/** Makes the user that `start` or `init` was asked for; one that exists stays as it is. Throws CommandError. */
export async function createFirstUser(
  { users }: Pick<Repositories, "users">,
  config: Config,
  sources = optionSources,
): Promise<{ user: User; isNew: boolean }> {
  const { username = "", password, user_token: token } = config;
  const existing = await users.findByEmail(username);
  if (existing) return { user: existing, isNew: false };
  if (password === undefined) {
    throw new CommandError(
      `There is no user ${username} yet: give a password too, with --password or --password-stdin.`,
    );
  }
  refuseUnusableToken(token);
  const form = await submit(signupForm(config.password_min_length), { email: username, password });
  if (!form.ok) {
    const [field, messages] = Object.entries(form.errors)[0] ?? [];
    throw new CommandError(
      `${field === "email" ? sources.email : sources.password} can't be used: ${(messages ?? []).join(" ")}`,
    );
  }
  try {
    const { email, password: checked } = form.data;
    const user = await users.create({
      email,
      password: checked,
      username: "",
      legacy_api_tokens_enabled: config.enable_legacy_api_token,
      ...(token && { token }),
    });
    return { user, isNew: true };
  } catch (error) {
    if (!(error instanceof UniqueViolationError)) throw error;
    if (error.field === "token")
      throw new CommandError(
        "--user-token (LABEL_STUDIO_USER_TOKEN) can't be used: another user has this token. Choose another one.",
      );
    const faster = await users.findByEmail(form.data.email);
    if (!faster) throw error;
    return { user: faster, isNew: false };
  }
}

function refuseUnusableToken(token: string | undefined): void {
  if (token === undefined) return;
  if (token.length < 5)
    throw new CommandError(
      "--user-token (LABEL_STUDIO_USER_TOKEN) can't be used: it has fewer than 5 characters. Choose a longer one.",
    );
  if (!/^[\x21-\x7e]{5,256}$/.test(token)) {
    throw new CommandError(
      "--user-token (LABEL_STUDIO_USER_TOKEN) can't be used: it goes into a header, so use at most 256 letters, digits and signs without spaces.",
    );
  }
}
