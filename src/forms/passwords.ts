import { z } from "zod";

import type { User } from "../repositories/accounts/user-columns.ts";
import { isCommonPassword, isGuessable } from "../security/common-passwords.ts";
import { passwordMaxLength } from "../security/passwords.ts";

/** What others know of a person. */
type Known = Partial<Pick<User, "email" | "first_name" | "last_name">>;

/** A password as it was typed: spaces and all. */
export const typedPassword = z.string("This field is required.").min(1, "This field is required.");

/** Why a new password can't be used, or undefined. Length counts code points. */
export async function reasonAgainst(password: string, minLength: number, known: Known): Promise<string | undefined> {
  const length = [...password].length;
  if (password.trim() === "") return "This field is required.";
  if (length < minLength || length > passwordMaxLength) {
    return `Please enter a password ${minLength}–${passwordMaxLength} characters in length.`;
  }
  const { email = "", first_name = "", last_name = "" } = known;
  const names = [email, email.split("@")[0] ?? "", first_name, last_name, first_name + last_name];
  if (isGuessable(password, names))
    return "This is your email, your name or ours: too easy to guess. Choose another password.";
  if (await isCommonPassword(password)) return "This is one of the most common passwords. Choose another one.";
  return undefined;
}

/** For the page Password: the current one and a new one. */
export function passwordForm(minLength: number, person: Known) {
  return z
    .object({ current_password: typedPassword, new_password: typedPassword })
    .superRefine(async ({ current_password, new_password }, context) => {
      const same = current_password === new_password ? "This is the same as the current one." : undefined;
      const message = same ?? (await reasonAgainst(new_password, minLength, person));
      if (message) context.addIssue({ code: "custom", path: ["new_password"], message });
    });
}

/** For `reset_password`, and for whoever is made at the shell. */
export function newPasswordForm(minLength: number, person: Known) {
  return z.object({ password: typedPassword }).superRefine(async ({ password }, context) => {
    const message = await reasonAgainst(password, minLength, person);
    if (message) context.addIssue({ code: "custom", path: ["password"], message });
  });
}
