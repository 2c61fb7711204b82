import createError from "http-errors";

import type { Context } from "../context.ts";
import type { User } from "../repositories/accounts/user-columns.ts";
import { formatDuration } from "../common/durations.ts";

/** Asks a signed-in person for their password once more: what to say when it is not right, or undefined. */
export async function verifyCurrentPassword(
  { repositories: { loginThrottle, users } }: Pick<Context, "repositories">,
  user: User,
  password: string,
): Promise<string | undefined> {
  const wait = await loginThrottle.consumePasswordCheck(user.id);
  if (wait > 0) throw tooManyTries(wait);
  if (!(await users.hasPassword(user.id, password))) return "This is not your current password.";
  await loginThrottle.resetPasswordCheck(user.id);
  return undefined;
}

function tooManyTries(wait: number): Error {
  return createError(429, "Too many wrong passwords", {
    headers: { "Retry-After": String(wait) },
    explanation: {
      title: "Too many wrong passwords",
      text: `Nothing was changed. Wait ${formatDuration(wait)}, then try again.`,
    },
  });
}
