import * as z from "zod";

import type { PersonalToken } from "../repositories/accounts/personal-tokens.ts";

/** A personal access token: whole when it is created, and without its signature in the list. */
export const tokenRecord = z.object({ token: z.string() });

export const accessRecord = z.object({ access: z.string().describe("for `Authorization: Bearer`, five minutes long") });

export const refreshRecord = z.object({ refresh: z.string().describe("the new personal access token") });

export function presentListedToken({ token }: PersonalToken): z.output<typeof tokenRecord> {
  return { token };
}
