import { z } from "zod";

import { findPasswordError } from "../security/password-policy.ts";
import type { PersonalDetails } from "../security/password-policy.ts";

/** A password as it was typed: spaces and all. */
export const typedPassword = z.string("This field is required.").min(1, "This field is required.");

/** For the page Password: the current one and a new one. */
export function passwordForm(minLength: number, person: PersonalDetails) {
  return z
    .object({ current_password: typedPassword, new_password: typedPassword })
    .superRefine(async ({ current_password, new_password }, context) => {
      const same = current_password === new_password ? "This is the same as the current one." : undefined;
      const message = same ?? (await findPasswordError(new_password, minLength, person));
      if (message) context.addIssue({ code: "custom", path: ["new_password"], message });
    });
}

/** For `reset_password`, and for whoever is made at the shell. */
export function newPasswordForm(minLength: number, person: PersonalDetails) {
  return z.object({ password: typedPassword }).superRefine(async ({ password }, context) => {
    const message = await findPasswordError(password, minLength, person);
    if (message) context.addIssue({ code: "custom", path: ["password"], message });
  });
}
