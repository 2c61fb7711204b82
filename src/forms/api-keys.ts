import * as z from "zod";

import { limits } from "../common/limits.ts";
import { form_key, neverDays, tokenLifetimes } from "./account.ts";

/** The organization's settings for keys. */
interface KeySettings {
  /** The longest lifetime, in days. */
  api_key_ttl_days: number;
}

/** The form for a key, as `personalTokenForm`. `days` is null for a key that never expires. */
export function apiKeyForm({ api_key_ttl_days }: KeySettings) {
  return z.object({
    name: z.string("Enter a name.").trim().min(1, "Enter a name.").max(100, "Use at most 100 characters."),
    days: z
      .enum(tokenLifetimes(api_key_ttl_days).map(String), "Choose when it expires.")
      .transform((days) => (Number(days) >= neverDays ? null : Number(days))),
    is_read_only: z.enum(["true", "false"], "Choose what it may do.").transform((value) => value === "true"),
    form_key,
  });
}

/** Says why a key may not last so many days, null for ever; undefined if it may. */
export function findLifetimeError(days: number | null, { api_key_ttl_days }: KeySettings): string | undefined {
  if (api_key_ttl_days >= neverDays) return undefined;
  if (days !== null && days <= api_key_ttl_days) return undefined;
  return `Keys of this organization last at most ${api_key_ttl_days} days.`;
}

/** What the API answers while the organization has keys switched off, together with personal access tokens. */
export const keysDisabledMessage =
  "Keys are switched off for this organization: switch them on in its settings, Sign-up and access.";

export const tooManyKeysMessage = `You have ${limits.apiKeys} keys, as many as one may have. Revoke some first.`;
