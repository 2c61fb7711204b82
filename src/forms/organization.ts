import { z } from "zod";

import { limits } from "../common/limits.ts";
import { longestTokenDays } from "./account.ts";
import { checkbox } from "./form.ts";

export const organizationForm = z.object({
  title: z
    .string("Enter the name.")
    .trim()
    .min(1, "Enter the name.")
    .max(limits.organizationName, `Use at most ${limits.organizationName.toLocaleString("en")} characters.`),
});

/** Minutes that a session may last: at most 30 days, which holds whatever an organization chooses. */
const sessionMinutes = z
  .string("Choose how long.")
  .regex(/^\d+$/, "Choose how long.")
  .transform(Number)
  .pipe(z.number().min(1, "Choose at least 1 minute.").max(43_200, "Choose at most 30 days."));

/** Tokens, and how long sessions last; of the latter what is missing stays as it is. */
export const accessSettingsForm = z.object({
  api_tokens_enabled: checkbox,
  legacy_api_tokens_enabled: checkbox,
  api_token_ttl_days: z
    .string("Enter a number of days.")
    .trim()
    .regex(/^\d+$/, "Enter a whole number of days.")
    .transform(Number)
    .pipe(z.number().min(1, "Enter at least 1 day.").max(longestTokenDays, "Enter at most 73000 days (200 years).")),
  max_time_between_activity: sessionMinutes.optional(),
  max_session_age: sessionMinutes.optional(),
});
