import * as z from "zod";

import { invitationState } from "../repositories/accounts/invitations.ts";
import type { Invitation } from "../repositories/accounts/invitations.ts";
import type { User } from "../repositories/accounts/user-columns.ts";
import { formatTimestamp, timestamp } from "./timestamp.ts";

export const invitationRecord = z
  .object({
    id: z.int(),
    state: z.enum(["active", "used_up", "expired", "revoked"]),
    last_four: z.string().describe("the end of the link"),
    note: z.string(),
    email: z.string().describe("the only email that may join; empty for any"),
    domain: z.string().describe("the only domain of emails that may join; empty for any"),
    max_uses: z.int().nullable().describe("null for any number"),
    uses: z.int(),
    created_at: timestamp,
    expires_at: timestamp.nullable().describe("null for never"),
    revoked_at: timestamp.nullable(),
    created_by: z.int().nullable().describe("null for the command line, and for a deleted account"),
    joined: z.array(z.int()).describe("ids of who joined by it, the latest 100"),
  })
  .meta({ id: "Invitation" });

export const newInvitationRecord = invitationRecord
  .extend({ url: z.string().describe("the whole link, in this answer only") })
  .meta({ id: "NewInvitation" });

export const invitationPageRecord = z.object({
  count: z.int(),
  next: z.string().nullable().describe("address of the next page"),
  previous: z.string().nullable(),
  results: z.array(invitationRecord),
});

/** `guests`: people who joined, by this invitation and by others. */
export function presentInvitation(
  { created_by_id, ...invitation }: Invitation,
  guests: Pick<User, "id" | "invitation_id">[],
): z.output<typeof invitationRecord> {
  const { id, last_four, note, email, domain, max_uses, uses, created_at, expires_at, revoked_at } = invitation;
  return {
    id,
    state: invitationState({ ...invitation, created_by_id }),
    last_four,
    note,
    email,
    domain,
    max_uses,
    uses,
    created_at: formatTimestamp(created_at),
    expires_at: expires_at && formatTimestamp(expires_at),
    revoked_at: revoked_at && formatTimestamp(revoked_at),
    created_by: created_by_id,
    joined: guests.flatMap((guest) => (guest.invitation_id === id ? [guest.id] : [])),
  };
}
