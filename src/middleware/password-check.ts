import type { Context } from "../context.ts";
import { accountLimit } from "../repositories/attempts.ts";
import type { User } from "../repositories/users.ts";

/**
 * Asks a signed-in person for their password once more: what to say when it is not right, or undefined. Failures count
 * apart from those of log-in, so that a stranger who guesses there keeps nobody out here.
 */
export async function wrongPassword(
  { repositories }: Pick<Context, "repositories">,
  user: User,
  password: string,
): Promise<string | undefined> {
  const key = `password of ${user.id}`;
  const wait = await repositories.attempts.spend(key, accountLimit);
  if (wait > 0) return `Too many wrong tries. Wait ${Math.ceil(Math.min(wait, 86_400) / 60)} minutes, then try again.`;
  if (!(await repositories.users.hasPassword(user.id, password))) return "This is not your current password.";
  await repositories.attempts.forget(key);
  return undefined;
}
