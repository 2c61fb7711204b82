import type { Knex } from "knex";

import type { DatabaseLocation } from "../database/location.ts";
import { withReadOnlyDatabase } from "../database/transfer/read-only.ts";
import type { AvatarMaker } from "../images/avatars.ts";
import type { Cipher } from "../security/crypto.ts";
import { migrateAnnotations, migrateDrafts } from "./annotations.ts";
import { migrateAvatars } from "./avatars.ts";
import { createIdMap } from "./id-map.ts";
import type { IdMap } from "./id-map.ts";
import { MigrationError } from "./migration-context.ts";
import type { MigrationContext, OnProgress } from "./migration-context.ts";
import { findOrganization, fingerprintOf, migrateOrganization } from "./organization.ts";
import { assertDistinctEmails, migratePeople } from "./people.ts";
import { migrateFileUploads, migrateProjects } from "./projects.ts";
import type { Report } from "./report.ts";
import type { UploadSource } from "./upload-files.ts";
import { openSource } from "./source.ts";
import type { Source } from "./source.ts";
import { migratedTables, withTarget } from "./target/target.ts";
import type { MigratedTable, Target } from "./target/target.ts";
import { migratePredictions, migrateTasks } from "./tasks.ts";
import { migrateLegacyTokens, migratePersonalTokens } from "./tokens.ts";
import { reportUnsupportedData } from "./unsupported-data.ts";

export interface MigrationOptions {
  /** The folder with profile images. */
  media: string | undefined;
  makeAvatar: AvatarMaker;
  /** Label Studio's secret key, which signs its personal tokens. */
  secret_key: string | undefined;
  /** This server's secret key. */
  server_key: string;
  /** Whether the target may contain data of its own. */
  into_existing: boolean;
  onProgress: OnProgress;
}

interface MigrationResult {
  report: Report;
  /** The files of uploads, which `migrateUploadFiles` brings. */
  uploads: UploadSource[];
}

/**
 * Migrates everything from a Label Studio database in one transaction, and returns a report. A dry run rolls it back. Throws
 * MigrationError and DatabaseError, whose messages say what to do; nothing is changed then.
 */
export async function runMigration(
  location: DatabaseLocation,
  { database, cipher }: { database: Knex; cipher: Cipher },
  { dry_run, ...options }: MigrationOptions & { dry_run: boolean },
): Promise<MigrationResult> {
  return withReadOnlyDatabase(location, async (sourceDatabase) => {
    const source = await openSource(sourceDatabase, { isPostgres: location.client === "pg" });
    return withTarget(database, cipher, { dry_run }, (target) => migrateAll(source, target, options));
  });
}

/** Throws as `runMigration` does for a source that can't be moved, whatever the target is. */
export async function assertMigratable(location: DatabaseLocation): Promise<void> {
  await withReadOnlyDatabase(location, async (database) => {
    const source = await openSource(database, { isPostgres: location.client === "pg" });
    await findOrganization(source);
    await assertDistinctEmails(source);
  });
}

async function migrateAll(source: Source, target: Target, options: MigrationOptions): Promise<MigrationResult> {
  const organization = await findOrganization(source);
  const fingerprint = fingerprintOf(organization);
  const is_repeated = await target.sources.isKnown(fingerprint);
  const is_empty = await target.isEmpty();
  if (!is_empty && !is_repeated && !options.into_existing)
    throw new MigrationError(
      "There are people here already, and nothing was moved: choose an empty database or, to add to this one, --into-existing.",
    );
  await assertDistinctEmails(source);

  const { secret_key, server_key, onProgress } = options;
  const key = secret_key === undefined ? "none" : secret_key === server_key ? "ours" : "theirs";
  const source_id = await target.sources.register(fingerprint, key === "theirs" ? secret_key : undefined);
  const report: Report = { title: organization.title ?? "", is_repeated, counts: [], notes: [], unsupported: [] };
  const organization_id = await migrateOrganization(source, target, organization, report);
  const migration: MigrationContext = {
    source,
    target,
    source_id,
    organization: { source_id: organization.id, target_id: organization_id },
    is_empty,
    ids: await loadIdMaps(target, source_id),
    changed_projects: new Set(),
    report,
    onProgress,
  };

  const avatarSources = await migratePeople(migration);
  const owner_id = is_empty ? migration.ids.users.get(organization.created_by_id) : undefined;
  if (owner_id !== undefined) await target.organization.setOwner(organization_id, owner_id);
  await migrateLegacyTokens(migration);
  await migratePersonalTokens(migration, key);
  await migrateAvatars(migration, avatarSources, options);
  const numberedProjects = await migrateProjects(migration);
  const uploads = await migrateFileUploads(migration);
  await migrateTasks(migration, numberedProjects);
  await migratePredictions(migration);
  await migrateAnnotations(migration);
  await migrateDrafts(migration);
  await rebuildChangedCounters(migration);
  await reportUnsupportedData(source, report);
  return { report, uploads };
}

async function loadIdMaps(target: Target, source_id: number): Promise<Record<MigratedTable, IdMap>> {
  const maps: [MigratedTable, IdMap][] = [];
  for (const table of migratedTables)
    maps.push([table, createIdMap(await target.sources.listRanges(source_id, table))]);
  return Object.fromEntries(maps) as Record<MigratedTable, IdMap>;
}

async function rebuildChangedCounters({
  target,
  changed_projects,
  onProgress,
  report,
}: MigrationContext): Promise<void> {
  const total = report.counts.find(({ name }) => name === "tasks")?.in_source ?? 0;
  let done = 0;
  for (const id of changed_projects) {
    await target.counterRebuild.tasks(id, (count) => {
      done += count;
      onProgress({ name: "counting", done: Math.min(done, total), total });
    });
    await target.counterRebuild.project(id);
  }
  if (report.counts.some(({ migrated }) => migrated > 0)) await target.counterRebuild.everyone();
}
