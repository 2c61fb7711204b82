import * as z from "zod";

import { limits } from "../common/limits.ts";
import { checkbox } from "./form.ts";

/** Missing or invalid fields become empty: they match no account, and the page gives one error for all. */
export const loginForm = z.object({
  email: z.string().trim().max(limits.email).catch(""),
  password: z.string().catch(""),
  persist_session: checkbox,
  next: z.string().optional().catch(undefined),
});

/** The address of the log-in page; what is no single text counts as missing. */
export const loginQuery = z.object({
  next: z.string().optional().catch(undefined),
  lost: z.string().optional().catch(undefined),
});
