import { z } from "zod";

import { limits } from "../common/limits.ts";
import { maxId } from "../common/ids.ts";
import { checkbox } from "./form.ts";
import { requiredPassword } from "./passwords.ts";

const line = z.string().trim().max(limits.personName, `Use at most ${limits.personName} characters.`).default("");

/** Label Studio sends all settings in one form; `allow_newsletters` stays as it is if it is missing. */
export const accountForm = z.object({
  first_name: line,
  last_name: line,
  phone: line,
  allow_newsletters: z
    .unknown()
    .optional()
    .transform((value) =>
      value === undefined ? undefined : value === "true" ? true : value === "false" ? false : null,
    ),
});

export const emailPreferencesForm = z.object({ allow_newsletters: checkbox });

export const personalTokenForm = z.object({
  name: z.string().trim().max(100, "Use at most 100 characters.").default(""),
});

export const tokenSettingsForm = z.object({
  api_tokens_enabled: checkbox,
  legacy_api_tokens_enabled: checkbox,
  api_token_ttl_days: z
    .string("Enter a number of days.")
    .trim()
    .regex(/^\d+$/, "Enter a whole number of days.")
    .transform(Number)
    .pipe(z.number().min(1, "Enter at least 1 day.").max(73_000, "Enter at most 73000 days (200 years).")),
});

/** The sessions to end, as check boxes of one name. */
export const endSessionsForm = z.object({
  current_password: requiredPassword,
  session: z
    .preprocess(
      (value) => (value === undefined ? [] : [value].flat()),
      z.array(z.coerce.number().int().min(1).max(maxId)),
    )
    .refine((ids) => ids.length > 0, "Tick the sessions to end."),
});
