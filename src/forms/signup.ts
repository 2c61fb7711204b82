import * as z from "zod";

import { limits } from "../common/limits.ts";
import { emailField } from "./email.ts";
import { checkbox } from "./form.ts";
import { findPasswordError } from "../security/password-policy.ts";
import { newPassword } from "./passwords.ts";

const name = z
  .string("Enter a name, or nothing.")
  .trim()
  .max(limits.personName, `Use at most ${limits.personName} characters.`)
  .default("");

/** What the first person may call the organization. */
const organizationTitle = z
  .string("Enter a name, or nothing.")
  .trim()
  .max(limits.organizationName, `Use at most ${limits.organizationName.toLocaleString("en")} characters.`)
  .default("");

/** A new user, from the page or from the command line. */
export function signupForm(minLength: number) {
  return z
    .object({
      name,
      email: emailField,
      password: newPassword,
      allow_newsletters: checkbox,
      organization_title: organizationTitle,
    })
    .superRefine(async ({ name, email, password }, context) => {
      const message = await findPasswordError(password, minLength, { email, ...splitName(name) });
      if (message) context.addIssue({ code: "custom", path: ["password"], message });
    });
}

/** Splits a name as people type it: the last of several words is the last name. */
export function splitName(name: string): { first_name: string; last_name: string } {
  const words = name.split(/\s+/);
  const last_name = words.length > 1 ? (words.pop() ?? "") : "";
  return { first_name: words.join(" "), last_name };
}

/** Query parameters of sign-up; one that is there twice is ignored. */
export const signupQuery = z.object({ token: z.string().catch(""), next: z.string().catch("") });
