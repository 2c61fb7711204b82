import * as z from "zod";

import type { Organization } from "../repositories/accounts/organizations.ts";
import { timestamp, formatTimestamp } from "./timestamp.ts";

export const shortOrganizationRecord = z.object({
  id: z.int(),
  title: z.string(),
  contact_info: z.string().nullable(),
  created_at: timestamp,
});

export const organizationRecord = shortOrganizationRecord
  .extend({
    token: z.string().describe("of the invitation link"),
    updated_at: timestamp,
    created_by: z.int().nullable().describe("the owner"),
    users: z.array(z.int()).describe("everyone who is or was a member"),
  })
  .meta({ id: "Organization" });

export const inviteRecord = z
  .object({ token: z.string(), invite_url: z.string().describe("a path of this server") })
  .meta({ id: "Invite" });

export const tokenSettingsRecord = z
  .object({ api_tokens_enabled: z.boolean(), legacy_api_tokens_enabled: z.boolean() })
  .meta({ id: "JWTSettings" });

export const sessionPolicyRecord = z
  .object({
    max_session_age: z.int().describe("minutes since log-in"),
    max_time_between_activity: z.int().describe("minutes since the last request"),
    created_at: timestamp,
    updated_at: timestamp,
  })
  .meta({ id: "SessionPolicy" });

export function presentShortOrganization({ id, title, contact_info, created_at }: Organization) {
  return { id, title, contact_info, created_at: formatTimestamp(created_at) };
}

export function presentOrganization(
  organization: Organization,
  { token, users }: { token: string; users: number[] },
): z.output<typeof organizationRecord> {
  return {
    ...presentShortOrganization(organization),
    token,
    updated_at: formatTimestamp(organization.updated_at),
    created_by: organization.created_by_id,
    users,
  };
}

export function presentInvite(token: string): z.output<typeof inviteRecord> {
  return { token, invite_url: `/user/signup/?token=${token}` };
}

export function presentTokenSettings({
  api_tokens_enabled,
  legacy_api_tokens_enabled,
}: Organization): z.output<typeof tokenSettingsRecord> {
  return { api_tokens_enabled, legacy_api_tokens_enabled };
}

export function presentSessionPolicy(organization: Organization): z.output<typeof sessionPolicyRecord> {
  return {
    max_session_age: organization.max_session_age,
    max_time_between_activity: organization.max_time_between_activity,
    created_at: formatTimestamp(organization.created_at),
    updated_at: formatTimestamp(organization.session_policy_updated_at ?? organization.created_at),
  };
}
