import * as z from "zod";

import { limits } from "../common/limits.ts";
import { maxId } from "../common/ids.ts";
import { emailField } from "./email.ts";
import { checkbox } from "./form.ts";
import { requiredPassword } from "./passwords.ts";

const line = z.string().trim().max(limits.personName, `Use at most ${limits.personName} characters.`).default("");

/** What looks like a phone number in any country: digits, spaces and the signs between them. */
export const phonePattern = /^[\p{Nd}\s+()./-]*$/u;

/** Label Studio sends all settings in one form; `allow_newsletters` stays as it is if it is missing. */
export const accountForm = z.object({
  first_name: line,
  last_name: line,
  phone: line.pipe(z.string().regex(phonePattern, "Use digits, spaces and + only.")),
  allow_newsletters: z
    .unknown()
    .optional()
    .transform((value) =>
      value === undefined ? undefined : value === "true" ? true : value === "false" ? false : null,
    ),
});

/** What Home asks of somebody without a name. */
export const nameForm = z.object({
  name: z
    .string("Enter your name.")
    .trim()
    .min(1, "Enter your name.")
    .max(limits.personName, `Use at most ${limits.personName} characters.`),
});

/** A new email for `person`, oneself or somebody else, with the password of the person who changes it. */
export function newEmailForm(person: { email: string }) {
  const email = emailField.refine((value) => value !== person.email, "This is the email already.");
  return z.object({ email, current_password: requiredPassword });
}

export const emailPreferencesForm = z.object({ allow_newsletters: checkbox });

/** Another one each time a form is shown, so that one that is sent twice makes one thing. */
export const form_key = z.string().max(43).catch("");

/** Tokens that last as long as this are said to last for ever: 200 years. */
export const longestTokenDays = 73_000;

/**
 * The form for a personal access token. `days`: how long it lasts, at most as long as the organization allows, which is also
 * what counts without it.
 */
export function personalTokenForm({ api_token_ttl_days }: { api_token_ttl_days: number }) {
  const choices = tokenLifetimes(api_token_ttl_days).map(String);
  return z.object({
    name: z.string().trim().max(100, "Use at most 100 characters.").default(""),
    days: z.enum(choices, "Choose when it expires.").default(String(api_token_ttl_days)).transform(Number),
    form_key,
  });
}

/** The key of a form that makes something that is shown once. */
export const formKeyForm = z.object({ form_key });

/** After how many days a new token may expire, within the organization's limit; the limit is the last. */
export function tokenLifetimes(limit: number): number[] {
  return [...[30, 90, 365].filter((days) => days < limit), limit];
}

/** From 50 years on a lifetime, in days, is said to be for ever. */
export const neverDays = 18_250;

/** The session to end, or all but the one that the form was sent from. */
export const endSessionsForm = z.object({
  current_password: requiredPassword,
  session: z.union([z.literal("others"), z.coerce.number().int().min(1).max(maxId)], "Choose where to log out."),
});
