import type { Context } from "../context.ts";
import type { User } from "../repositories/users.ts";

/** Asks a signed-in person for their password once more: what to say when it is not right, or undefined. */
export async function wrongPassword(
  { repositories: { attempts, users } }: Pick<Context, "repositories">,
  user: User,
  password: string,
): Promise<string | undefined> {
  const wait = await attempts.spendPasswordCheck(user.id);
  if (wait > 0) return `Too many wrong tries. Wait ${Math.ceil(Math.min(wait, 86_400) / 60)} minutes, then try again.`;
  if (!(await users.hasPassword(user.id, password))) return "This is not your current password.";
  await attempts.forgivePasswordCheck(user.id);
  return undefined;
}
