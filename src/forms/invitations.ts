import * as z from "zod";

import { limits } from "../common/limits.ts";
import { emailDomain } from "../security/signup-policy.ts";
import type { SignupPolicy } from "../security/signup-policy.ts";
import { form_key } from "./account.ts";
import { domainPattern, emailPattern } from "./email.ts";

/** Whom an invitation is for: an email, a domain of emails (with or without an @ before it), or anybody. */
const onlyFor = z
  .string("Enter an email or a domain, or nothing.")
  .trim()
  .toLowerCase()
  .default("")
  .transform((text, context) => {
    const domain = text.replace(/^@/, "");
    if (text === "") return { email: "", domain: "" };
    if (domain.length <= limits.domain && domainPattern.test(domain)) return { email: "", domain };
    if (text.length <= limits.email && emailPattern.test(text)) return { email: text, domain: "" };
    context.addIssue("Enter an email like ann@example.com, or a domain like example.com.");
    return z.NEVER;
  });

/** A whole number of at most `max`, or a word for none. */
function countOr(word: string, max: number, error: string) {
  return z
    .string(error)
    .trim()
    .toLowerCase()
    .refine((text) => text === word || (/^[1-9]\d{0,8}$/.test(text) && Number(text) <= max), error)
    .transform((text) => (text === word ? null : Number(text)));
}

/** An invitation with its limits, from the page or from the command line. `days`: null for one that never expires. */
export function invitationForm(policy: Pick<SignupPolicy, "domains">) {
  return z.object({
    note: z
      .string("Enter a note, or nothing.")
      .trim()
      .max(limits.invitationNote, `Use at most ${limits.invitationNote} characters.`)
      .default(""),
    only_for: onlyFor.refine(
      (who) => mayJoin(who, policy),
      "People with these emails can’t join here: see Sign-up and access.",
    ),
    days: countOr("never", limits.invitationDays, `Choose 1 to ${limits.invitationDays} days, or never.`).default(7),
    uses: countOr(
      "any",
      limits.invitationUses,
      `Choose 1 to ${limits.invitationUses.toLocaleString("en")} people, or any.`,
    ).default(1),
    form_key,
  });
}

/** Whether the organization lets people with these emails in. */
export function mayJoin(
  { email, domain }: { email: string; domain: string },
  { domains }: Pick<SignupPolicy, "domains">,
) {
  const only = email ? emailDomain(email) : domain;
  return !domains || only === "" || domains.includes(only);
}

/** The address of Add People; invalid pages are the first. */
export const invitationsQuery = z.object({
  page: z.coerce.number().int().min(1).max(1_000_000).catch(1),
});
