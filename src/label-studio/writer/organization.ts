import type { Knex } from "knex";

import { digest } from "../../security/crypto.ts";
import type { Cipher } from "../../security/crypto.ts";
import { newInvite, onlyOrganizationId } from "../../repositories/accounts/organizations.ts";
import type { Organization } from "../../repositories/accounts/organizations.ts";

/** The organization as it was, without its owner, who comes after it. */
export type MovedOrganization = Omit<Organization, "id" | "member_count" | "created_by_id"> & {
  /** Made at random when there is none. */
  invite: string | null;
};

export function movedOrganization(transaction: Knex, sealer: Cipher) {
  return {
    /** The organization's id; undefined where there is none yet. */
    async id(): Promise<number | undefined> {
      const row = await transaction("organizations").orderBy("id").first("id");
      return row?.id;
    },

    async add({ invite, ...organization }: MovedOrganization): Promise<number> {
      const { token: _, ...made } = newInvite(sealer);
      const kept = invite ? { invite_digest: digest(invite), invite_sealed: sealer.encrypt(invite) } : made;
      await transaction("organizations").insert({ id: onlyOrganizationId, ...organization, ...kept });
      return onlyOrganizationId;
    },

    async setOwner(id: number, created_by_id: number): Promise<void> {
      await transaction("organizations").where({ id }).update({ created_by_id });
    },
  };
}
