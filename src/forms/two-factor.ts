import * as z from "zod";

import { requiredPassword } from "./passwords.ts";

/** Turning the second factor on. `sealed`: the proposed secret, as the page holds it. */
export const twoFactorForm = z.object({
  sealed: z.string().max(1000).catch(""),
  code: z.string("Enter the code.").trim().min(1, "Enter the code.").max(20, "A code has six digits."),
  current_password: requiredPassword,
});

/** Recovery codes that a page shows, to be sent back as a file: a line each. */
export const recoveryFileForm = z.object({
  codes: z.string().regex(/^([0-9a-z]{4}(-[0-9a-z]{4}){5}\r?\n?){1,20}$/),
});

/** The second step of log-in; missing or invalid fields become empty, which matches no code. */
export const loginCodeForm = z.object({
  code: z.string().max(20).catch(""),
  recovery_code: z.string().max(100).optional().catch(""),
});

/** Whether the page asks for a recovery code. */
export const loginCodeQuery = z.object({ with: z.literal("recovery").optional().catch(undefined) });
