import { z } from "zod";

import { checkbox } from "./form.ts";

/** Whatever is missing does not match. */
export const loginForm = z.object({
  email: z.string().trim().max(254).catch(""),
  password: z.string().catch(""),
  persist_session: checkbox,
  next: z.unknown().optional(),
});
