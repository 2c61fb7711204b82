import { daysFromNow } from "../../src/common/timestamps.ts";
import type { Invitation, NewInvitation } from "../../src/repositories/accounts/invitations.ts";
import { randomToken } from "../../src/security/crypto.ts";
import type { TestApp } from "./app.ts";

/** Makes an invitation, for one person within a week unless `limits` say otherwise. Returns it with the address of its link. */
export async function addInvitation(
  { repositories }: Pick<TestApp, "repositories">,
  limits: Partial<NewInvitation> = {},
): Promise<Invitation & { address: string; token: string }> {
  const token = randomToken(43);
  const { invitation } = await repositories.invitations.create(token, {
    note: "",
    email: "",
    domain: "",
    max_uses: 1,
    expires_at: daysFromNow(7),
    created_by_id: null,
    ...limits,
  });
  return { ...invitation, token, address: `/user/signup/?token=${token}` };
}
