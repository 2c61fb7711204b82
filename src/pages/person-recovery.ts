import type { Context, SignedIn } from "../context.ts";
import type { Person } from "../repositories/accounts/people.ts";
import { randomToken } from "../security/crypto.ts";
import { canManagePeople } from "../security/permissions.ts";

/** What the owner may do for somebody else's log-in, on that person's page; undefined for others, and where nothing would help. */
export async function loadRecovery(
  { repositories, state: { user, organization } }: Pick<Context, "repositories"> & { state: SignedIn },
  { id, status }: Person,
): Promise<{ has_password: boolean; form_key: string } | undefined> {
  if (status !== "active" || id === user.id || !canManagePeople(user, organization)) return undefined;
  const account = await repositories.recoveryLinks.findAccount(id);
  return account && { has_password: account.has_password, form_key: randomToken() };
}
