import { z } from "zod";

import { limits } from "../common/limits.ts";
import { emailPattern } from "./email.ts";
import { checkbox } from "./form.ts";
import { findPasswordError } from "../security/password-policy.ts";
import { requiredPassword } from "./passwords.ts";

const emailText = z
  .string("Enter your email address.")
  .trim()
  .min(1, { abort: true, error: "Enter your email address." })
  // Before the length is checked: some letters are longer in lower case.
  .toLowerCase()
  .max(limits.email, { abort: true, error: "Email is too long" })
  .regex(emailPattern, "Enter a valid email address.");

/** A new user, from the page or from the command line. */
export function signupForm(minLength: number) {
  return z
    .object({ email: emailText, password: requiredPassword, allow_newsletters: checkbox })
    .superRefine(async ({ email, password }, context) => {
      const message = await findPasswordError(password, minLength, { email });
      if (message) context.addIssue({ code: "custom", path: ["password"], message });
    });
}

/** Query parameters of sign-up; one that is there twice is ignored. */
export const signupQuery = z.object({ token: z.string().catch(""), next: z.string().catch("") });
