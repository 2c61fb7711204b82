import { now } from "../common/timestamps.ts";
import { digest } from "../security/crypto.ts";
import type { Writer } from "./writer/writer.ts";
import { MigrationError } from "./move.ts";
import { counted } from "./report.ts";
import type { Report } from "./report.ts";
import type { Source, SourceRow } from "./source.ts";
import * as tables from "./people-tables.ts";

type SourceOrganization = SourceRow<typeof tables.organization>;

/** The organization that is moved: the first one, as Label Studio expects one. Throws MoveInError when there is none. */
export async function findOrganization(source: Source): Promise<SourceOrganization & { id: number }> {
  if (!source.has(tables.htxUser.name) || !source.has(tables.organization.name))
    throw new MigrationError("This is no database of Label Studio: it has no tables of people and organizations.");
  const first = await source.first(tables.organization);
  if (!first || first.id === null)
    throw new MigrationError("Nobody has signed up in this Label Studio yet: there is nothing to move.");
  return { ...first, id: first.id };
}

/** What tells this Label Studio from others, also after it was moved to another database or brought up to date. */
export function fingerprintOf({ id, created_at }: SourceOrganization): string {
  return digest(`Label Studio ${id} ${created_at}`);
}

/** Makes the organization as it was there, but for its owner, or leaves the one that is here as it is. Gives its id. */
export async function moveOrganization(
  source: Source,
  to: Writer,
  organization: SourceOrganization & { id: number },
  report: Report,
): Promise<number> {
  const others = (await source.count(tables.organization.name)) - 1;
  if (others > 0)
    report.notes.push(
      `Only the first organization was moved, "${organization.title}". Left out: ${counted(others, "organizations")}.`,
    );
  const there = await to.organization.id();
  if (there !== undefined) {
    if (!report.is_repeated)
      report.notes.push("The organization here stays as it is: its title, owner, invitation link and settings.");
    return there;
  }
  const created_at = organization.created_at ?? now();
  return to.organization.add({
    title: organization.title ?? "Label Studio",
    contact_info: organization.contact_info,
    created_at,
    updated_at: organization.updated_at ?? created_at,
    invite: organization.token,
    ...(await tokenSettings(source, organization.id)),
    ...(await sessionPolicy(source, organization.id)),
  });
}

/** Before there were settings, legacy tokens were the only ones; at first they were on unless somebody said otherwise. */
async function tokenSettings(source: Source, organization_id: number) {
  const settings = await source.first(tables.jwtSettings, ["organization_id = ?", organization_id]);
  const isTable = source.has(tables.jwtSettings.name);
  const isNew = (await source.count("django_migrations", ["app = 'jwt_auth' and name like '0002%'"])) > 0;
  return {
    api_tokens_enabled: settings?.api_tokens_enabled ?? (isNew || !isTable),
    legacy_api_tokens_enabled: settings?.legacy_api_tokens_enabled ?? (!isNew || !isTable),
    api_token_ttl_days: settings?.api_token_ttl_days ?? 73_000,
  };
}

/** At most 30 days, as everywhere here. */
async function sessionPolicy(source: Source, organization_id: number) {
  const policy = await source.first(tables.sessionPolicy, ["organization_id = ?", organization_id]);
  const minutes = (value: number | null | undefined, usual: number) =>
    value !== null && value !== undefined && value > 0 ? Math.min(value, 43_200) : usual;
  return {
    max_session_age: minutes(policy?.max_session_age, 11_520),
    max_time_between_activity: minutes(policy?.max_time_between_activity, 4_320),
    session_policy_updated_at: policy?.updated_at ?? null,
  };
}
