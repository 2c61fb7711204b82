import { z } from "zod";

import { limits } from "../common/limits.ts";
import { checkbox } from "./form.ts";

/** Missing or invalid fields become empty: they match no account, and the page gives one error for all. */
export const loginForm = z.object({
  email: z.string().trim().max(limits.email).catch(""),
  password: z.string().catch(""),
  persist_session: checkbox,
  next: z.unknown().optional(),
});
