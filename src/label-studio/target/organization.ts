import type { Knex } from "knex";

import { newInvite, onlyOrganizationId } from "../../repositories/accounts/organizations.ts";
import type { Organization } from "../../repositories/accounts/organizations.ts";
import { digest } from "../../security/crypto.ts";
import type { Cipher } from "../../security/crypto.ts";
import type { SignupSettings } from "../../security/signup-policy.ts";

/** What Label Studio's organizations have not. */
type OwnSettings =
  | keyof SignupSettings
  | "api_key_ttl_days"
  | "two_factor_required_from"
  | "keep_names_of_former_members"
  | "owner_email";

/** The organization without its owner, who is set when the users exist. */
type MigratedOrganization = Omit<Organization, "id" | "member_count" | "created_by_id" | OwnSettings> & {
  /** The invitation token; null for a random one. */
  invite: string | null;
};

export function targetOrganization(transaction: Knex, cipher: Cipher) {
  return {
    /** Returns the organization's id; undefined if there is none yet. */
    async findId(): Promise<number | undefined> {
      const row = await transaction("organizations").orderBy("id").first("id");
      return row?.id;
    },

    async add({ invite, ...organization }: MigratedOrganization): Promise<number> {
      const { token: _, ...random } = newInvite(cipher);
      const columns = invite ? { invite_digest: digest(invite), invite_encrypted: cipher.encrypt(invite) } : random;
      await transaction("organizations").insert({ id: onlyOrganizationId, ...organization, ...columns });
      return onlyOrganizationId;
    },

    async setOwner(id: number, created_by_id: number): Promise<void> {
      await transaction("organizations").where({ id }).update({ created_by_id });
    },
  };
}
