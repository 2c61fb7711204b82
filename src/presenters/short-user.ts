import { z } from "zod";

import type { Member } from "../repositories/accounts/members.ts";
import { presentMemberUser } from "./user.ts";
import type { UserContext } from "./user.ts";

export const shortUser = z
  .object({
    id: z.int(),
    first_name: z.string(),
    last_name: z.string(),
    email: z.string(),
    avatar: z.string().nullable(),
  })
  .meta({ id: "ShortUser" });

export type ShortUser = z.output<typeof shortUser>;

/** Somebody who made something; null when the account is gone. */
export function presentShortUser(member: Member | undefined, surroundings: UserContext): ShortUser | null {
  if (!member) return null;
  const { id, first_name, last_name, email, avatar } = presentMemberUser(member, surroundings);
  return { id, first_name, last_name, email, avatar };
}
