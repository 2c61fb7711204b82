import * as z from "zod";

import { limits } from "../common/limits.ts";
import { signupPolicies } from "../security/signup-policy.ts";
import type { SignupPolicy } from "../security/signup-policy.ts";
import { longestTokenDays } from "./account.ts";
import { domainPattern } from "./email.ts";
import { checkbox } from "./form.ts";

export const organizationForm = z.object({
  title: z
    .string("Enter the name.")
    .trim()
    .min(1, "Enter the name.")
    .max(limits.organizationName, `Use at most ${limits.organizationName.toLocaleString("en")} characters.`),
});

export const formerMembersForm = z.object({ keep_names_of_former_members: checkbox });

/** A whole number of minutes or days, as the choices of the page send it. */
const duration = z.string("Choose how long.").regex(/^\d+$/, "Choose how long.").transform(Number);

/** Minutes that a session may last: at most 30 days, which holds whatever an organization chooses. */
const sessionMinutes = duration.pipe(
  z.number().min(1, "Choose at least 1 minute.").max(43_200, "Choose at most 30 days."),
);

/** How long new keys may last. */
const keyDays = duration.pipe(
  z.number().min(1, "Choose at least 1 day.").max(longestTokenDays, "Choose at most 73000 days (200 years)."),
);

const domain = z
  .string()
  .refine(
    (text) => text.length <= limits.domain && domainPattern.test(text),
    "Enter domains like example.com, with commas between.",
  );

/** Domains of emails with spaces or commas between, with or without their @; one space between them afterwards. */
const domains = z
  .string("Enter domains like example.com.")
  .transform((text) => [
    ...new Set(
      text
        .toLowerCase()
        .split(/[\s,;]+/)
        .filter(Boolean)
        .map((each) => each.replace(/^@/, "")),
    ),
  ])
  .pipe(z.array(domain).max(limits.signupDomains, `Use at most ${limits.signupDomains} domains.`))
  .transform((list) => list.join(" "));

const accessSettings = {
  signup_policy: z.enum(signupPolicies, "Choose who may sign up.").optional(),
  signup_domains: domains.optional(),
  api_tokens_enabled: checkbox,
  legacy_api_tokens_enabled: checkbox,
  api_token_ttl_days: z
    .string("Enter a number of days.")
    .trim()
    .regex(/^\d+$/, "Enter a whole number of days.")
    .transform(Number)
    .pipe(z.number().min(1, "Enter at least 1 day.").max(longestTokenDays, "Enter at most 73000 days (200 years).")),
  api_key_ttl_days: keyDays.optional(),
  two_factor: z.enum(["keep", "optional", "0", "7", "14", "30"], "Choose who needs it.").optional(),
  max_time_between_activity: sessionMinutes.optional(),
  max_session_age: sessionMinutes.optional(),
};

/** Who may sign up, tokens, and how long keys and sessions last; but for tokens, what is missing stays as it is. */
export function accessSettingsForm({ needsLink }: Pick<SignupPolicy, "needsLink">) {
  return z
    .object(accessSettings)
    .refine(({ signup_policy }) => signup_policy !== "open" || !needsLink, {
      path: ["signup_policy"],
      error: "The server’s configuration keeps sign-up closed for people without a link.",
    })
    .refine(({ signup_policy, signup_domains }) => signup_policy !== "link_and_domains" || signup_domains, {
      path: ["signup_domains"],
      error: "Enter at least one domain, such as example.com.",
    });
}
