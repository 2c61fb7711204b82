import { submit } from "../../src/forms/form.ts";
import { newPasswordForm } from "../../src/forms/passwords.ts";
import type { User } from "../../src/repositories/accounts/user-columns.ts";
import { CommandError } from "./command-error.ts";

/** Throws CommandError when this person can't have this password. */
export async function assertUsablePassword(password: string, person: User, minLength: number): Promise<void> {
  if (password === "") throw new CommandError("Can not set empty password");
  const form = await submit(newPasswordForm(minLength, person), { password });
  if (!form.ok) throw new CommandError((form.errors.password ?? []).join(" "));
}
