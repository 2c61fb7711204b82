import { now } from "../common/timestamps.ts";
import { digest } from "../security/crypto.ts";
import type { Target } from "./target/target.ts";
import { MigrationError } from "./migration-context.ts";
import { formatCount } from "./report.ts";
import type { Report } from "./report.ts";
import type { Source, SourceRow } from "./source.ts";
import * as schema from "./source-schema.ts";

type SourceOrganization = SourceRow<typeof schema.organization>;

/** Returns the first organization, which alone is migrated: Label Studio expects one. Throws MigrationError without any. */
export async function findOrganization(source: Source): Promise<SourceOrganization & { id: number }> {
  if (!source.has(schema.user.name) || !source.has(schema.organization.name))
    throw new MigrationError("This is no database of Label Studio: it has no tables of people and organizations.");
  const first = await source.first(schema.organization);
  if (!first || first.id === null)
    throw new MigrationError("Nobody has signed up in this Label Studio yet: there is nothing to move.");
  return { ...first, id: first.id };
}

/** Identifies a Label Studio, also after it was copied to another database or upgraded. */
export function fingerprintOf({ id, created_at }: SourceOrganization): string {
  return digest(`Label Studio ${id} ${created_at}`);
}

/** Creates the organization without its owner, unless the target has one, which is left unchanged. Returns its id. */
export async function migrateOrganization(
  source: Source,
  target: Target,
  organization: SourceOrganization & { id: number },
  report: Report,
): Promise<number> {
  const others = (await source.count(schema.organization.name)) - 1;
  if (others > 0) {
    const count = formatCount(others, "organizations");
    report.unsupported.push(count);
    report.notes.push(`Only the first organization was moved, "${organization.title}". Left out: ${count}.`);
  }
  const existing_id = await target.organization.findId();
  if (existing_id !== undefined) {
    if (!report.is_repeated)
      report.notes.push("The organization here stays as it is: its title, owner, invitation link and settings.");
    return existing_id;
  }
  const created_at = organization.created_at ?? now();
  return target.organization.add({
    title: organization.title ?? "Label Studio",
    contact_info: organization.contact_info,
    created_at,
    updated_at: organization.updated_at ?? created_at,
    invite: organization.token,
    ...(await tokenSettings(source, organization.id)),
    ...(await sessionPolicy(source, organization.id)),
  });
}

/** Versions without these settings had legacy tokens only; the first version with settings had them on by default. */
async function tokenSettings(source: Source, organization_id: number) {
  const settings = await source.first(schema.jwtSettings, ["organization_id = ?", organization_id]);
  const hasTable = source.has(schema.jwtSettings.name);
  const isLegacyOffByDefault =
    (await source.count("django_migrations", ["app = 'jwt_auth' and name like '0002%'"])) > 0;
  return {
    api_tokens_enabled: settings?.api_tokens_enabled ?? (isLegacyOffByDefault || !hasTable),
    legacy_api_tokens_enabled: settings?.legacy_api_tokens_enabled ?? (!isLegacyOffByDefault || !hasTable),
    api_token_ttl_days: settings?.api_token_ttl_days ?? 73_000,
  };
}

/** This server allows 30 days at most. */
async function sessionPolicy(source: Source, organization_id: number) {
  const policy = await source.first(schema.sessionPolicy, ["organization_id = ?", organization_id]);
  const minutes = (value: number | null | undefined, default_minutes: number) =>
    value !== null && value !== undefined && value > 0 ? Math.min(value, 43_200) : default_minutes;
  return {
    max_session_age: minutes(policy?.max_session_age, 11_520),
    max_time_between_activity: minutes(policy?.max_time_between_activity, 4_320),
    session_policy_updated_at: policy?.updated_at ?? null,
  };
}
