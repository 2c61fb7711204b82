import type { Config } from "../src/config.ts";
import { submit } from "../src/forms/form.ts";
import { signupForm } from "../src/forms/signup.ts";
import type { Repositories } from "../src/repositories/index.ts";
import { TakenError } from "../src/taken.ts";
import { CommandError } from "./errors.ts";

/** Makes the user that `start` was asked for, and says so; one that exists stays as it is. Throws CommandError. */
export async function createFirstUser({ users }: Repositories, config: Config): Promise<string> {
  const { username = "", password, user_token: token } = config;
  if (await users.findByEmail(username)) return `User ${username} already exists`;
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
      `${field === "email" ? "--username (LABEL_STUDIO_USERNAME)" : "--password (LABEL_STUDIO_PASSWORD)"} can't be used: ${(messages ?? []).join(" ")}`,
    );
  }
  try {
    const { email, password: checked } = form.data;
    await users.create({
      email,
      password: checked,
      username: "",
      legacy_api_tokens_enabled: config.enable_legacy_api_token,
      ...(token && { token }),
    });
    return `User ${email} created`;
  } catch (error) {
    // Another start was faster.
    if (error instanceof TakenError && error.field === "email") return `User ${username} already exists`;
    if (error instanceof TakenError)
      throw new CommandError(
        "--user-token (LABEL_STUDIO_USER_TOKEN) can't be used: another user has this token. Choose another one.",
      );
    throw error;
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
