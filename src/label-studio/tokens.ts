import { now } from "../common/timestamps.ts";
import type { MigrationContext } from "./migration-context.ts";
import { assertAllCounted, formatCount, joinNames } from "./report.ts";
import type { RowCounts } from "./report.ts";
import * as schema from "./source-schema.ts";

/** Why tokens are not migrated: removed members of this server have no tokens either. */
const notMembers = "their people are not members";

/** Users who have a legacy token on this server keep that one. */
export async function migrateLegacyTokens(migration: MigrationContext): Promise<void> {
  const { source, target, ids, report } = migration;
  const counts = await startCounts(migration, "legacy tokens", schema.legacyToken.name);
  const before = await target.count("legacy_tokens");
  const conflicts: string[] = [];
  for await (const rows of source.batches(schema.legacyToken)) {
    const tokens = rows.flatMap(({ user_id, key, created }) => {
      const id = ids.users.get(user_id);
      return id === undefined || !key ? [] : [{ user_id: id, token: key, created_at: created ?? now() }];
    });
    const user_ids = tokens.map(({ user_id }) => user_id);
    const members = await target.people.findMembers(user_ids);
    const holders = await target.tokens.findLegacyHolders(user_ids);
    const newTokens = tokens.filter(({ user_id }) => members.has(user_id) && !holders.has(user_id));
    const conflicting = await target.tokens.addLegacy(newTokens);
    for (const { token } of conflicting) conflicts.push(`…${token.slice(-4)}`);
    counts.existing += user_ids.filter((id) => holders.has(id)).length;
    counts.migrated += newTokens.length - conflicting.length;
    migration.onProgress({ name: counts.name, done: counts.migrated + counts.existing, total: counts.in_source });
  }
  counts.skipped = counts.in_source - counts.migrated - counts.existing;
  counts.in_target = await target.count("legacy_tokens");
  assertAllCounted(counts, before);
  report.counts.push(counts);
  const ofNonMembers = counts.skipped - conflicts.length;
  if (ofNonMembers > 0)
    report.notes.push(`Left out: ${formatCount(ofNonMembers, "legacy tokens")}, because ${notMembers}.`);
  if (conflicts.length > 0)
    report.notes.push(
      `Left out: ${formatCount(conflicts.length, "legacy tokens")}, because somebody else here has the same (${joinNames(conflicts)}). Their people make new ones in Account & Settings.`,
    );
}

/** The key that verifies the personal tokens of the source: unknown, this server's own, or another one. */
type TokenKey = "none" | "ours" | "theirs";

/** Personal tokens are JWTs, which only work with the key that signed them. */
export async function migratePersonalTokens(migration: MigrationContext, key: TokenKey): Promise<void> {
  const { source, target, ids, report } = migration;
  const counts = await startCounts(migration, "personal tokens", schema.personalToken.name);
  const before = await target.count("personal_tokens");
  const source_id = key === "theirs" ? migration.source_id : null;
  for await (const rows of key === "none" ? [] : source.batches(schema.personalToken)) {
    const existing = await target.tokens.findPersonal(rows.flatMap(({ jti }) => jti ?? []));
    const tokens = rows.flatMap(({ user_id, jti, token: jwt, created_at, expires_at, revoked_at }) => {
      const id = ids.users.get(user_id);
      if (id === undefined || !jti || !jwt || !expires_at || existing.has(jti)) return [];
      // Header and payload without the signature, as for this server's own tokens.
      const token = jwt.split(".").slice(0, 2).join(".");
      return [
        { user_id: id, jti, name: "", token, created_at: created_at ?? now(), expires_at, revoked_at, source_id },
      ];
    });
    const members = await target.people.findMembers(tokens.map(({ user_id }) => user_id));
    const newTokens = tokens.filter(({ user_id }) => members.has(user_id));
    await target.tokens.addPersonal(newTokens);
    counts.existing += existing.size;
    counts.migrated += newTokens.length;
    migration.onProgress({ name: counts.name, done: counts.migrated + counts.existing, total: counts.in_source });
  }
  counts.skipped = counts.in_source - counts.migrated - counts.existing;
  counts.in_target = await target.count("personal_tokens");
  assertAllCounted(counts, before);
  report.counts.push(counts);
  if (counts.skipped === 0) return;
  report.notes.push(
    key === "none"
      ? `Left out: ${formatCount(counts.skipped, "personal tokens")}, because the secret key of that Label Studio was not given. Run this again with --secret-key-file, or let their people make new ones in Account & Settings.`
      : `Left out: ${formatCount(counts.skipped, "personal tokens")}, because ${notMembers}.`,
  );
}

async function startCounts({ source }: MigrationContext, name: string, table: string): Promise<RowCounts> {
  return { name, in_source: await source.count(table), migrated: 0, existing: 0, skipped: 0, in_target: 0 };
}
