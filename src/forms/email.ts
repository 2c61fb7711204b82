import * as z from "zod";

import { limits } from "../common/limits.ts";

const atom = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+";
const letter = "[A-Za-z0-9\\u00a1-\\uffff]";
const label = `${letter}(?:[A-Za-z0-9\\u00a1-\\uffff-]{0,61}${letter})?`;
const octet = "(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
const host = `(?:${label}\\.)+(?!\\d+$)${label}|localhost|\\[${octet}(?:\\.${octet}){3}\\]`;

/**
 * Matches the email addresses that Label Studio accepts: a host with a dot, localhost, or an IPv4 address in brackets.
 */
export const emailPattern = new RegExp(`^(?=[^@]{1,64}@)${atom}(?:\\.${atom})*@(?:${host})$`);

/** Matches what may come after the @ of these emails, but for an IP address. */
export const domainPattern = new RegExp(`^(?:(?:${label}\\.)+(?!\\d+$)${label}|localhost)$`);

/** An email that somebody types, in lower case. */
export const emailField = z
  .string("Enter your email.")
  .trim()
  .min(1, { abort: true, error: "Enter your email." })
  // Before the length is checked: some letters are longer in lower case.
  .toLowerCase()
  .max(limits.email, { abort: true, error: `Use at most ${limits.email} characters.` })
  .regex(emailPattern, "Enter an email like ann@example.com.");

/** An email alone. */
export const emailForm = z.object({ email: emailField });
