import * as z from "zod";

import { findPasswordError } from "../security/password-policy.ts";
import type { PersonalDetails } from "../security/password-policy.ts";
import { checkbox } from "./form.ts";

/** A required password, which keeps its leading and trailing spaces. */
export const requiredPassword = z.string("Enter your password.").min(1, "Enter your password.");

/** A new password, which `findPasswordError` checks; it keeps its leading and trailing spaces. */
export const newPassword = z.string("Enter a password.");

/** A new password of `person`, whose email and name it must not be. */
function newPasswordOf(person: PersonalDetails, minLength: number) {
  return newPassword.superRefine(async (password, context) => {
    const message = await findPasswordError(password, minLength, person);
    if (message) context.addIssue(message);
  });
}

/** The current password alone, `""` if none was typed. */
export const currentPasswordForm = z.object({ current_password: z.string().catch("") });

/** The form for changing a password. `person`: whose email and name the new password must not be. */
export function passwordForm(minLength: number, person: PersonalDetails) {
  return z
    .object({ current_password: requiredPassword, new_password: newPassword })
    .superRefine(async ({ current_password, new_password }, context) => {
      const same = current_password === new_password ? "This is your current password. Choose another one." : undefined;
      const message = same ?? (await findPasswordError(new_password, minLength, person));
      if (message) context.addIssue({ code: "custom", path: ["new_password"], message });
    });
}

/** Query parameters of a page that a link leads to; one that is there twice is ignored. */
export const linkQuery = z.object({ token: z.string().max(100).catch("") });

/** The form of a link to set the password of `person`. `end_tokens`: whether their tokens end, too. */
export function setPasswordForm(minLength: number, person: PersonalDetails) {
  return z.object({ new_password: newPasswordOf(person, minLength), end_tokens: checkbox });
}

/** A new password from the command line. */
export function newPasswordForm(minLength: number, person: PersonalDetails) {
  return z.object({ password: newPasswordOf(person, minLength) });
}
