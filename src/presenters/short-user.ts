import * as z from "zod";

import type { Member } from "../repositories/accounts/members.ts";
import { presentMemberUser } from "./user.ts";
import type { UserContext } from "./user.ts";

export const shortUserRecord = z
  .object({
    id: z.int(),
    first_name: z.string(),
    last_name: z.string(),
    email: z.string(),
    avatar: z.string().nullable(),
  })
  .meta({ id: "ShortUser" });

export type ShortUser = z.output<typeof shortUserRecord>;

/** The creator of a record; null for a deleted account. */
export function presentShortUser(member: Member | undefined, context: UserContext): ShortUser | null {
  if (!member) return null;
  const { id, first_name, last_name, email, avatar } = presentMemberUser(member, context);
  return { id, first_name, last_name, email, avatar };
}
