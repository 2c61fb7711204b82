import { pbkdf2Sync } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync, cpSync } from "node:fs";
import path from "node:path";
import { gunzipSync } from "node:zlib";

import type { Knex } from "knex";

import { makeAvatar } from "../../src/images/avatars.ts";
import type { DatabaseLocation } from "../../src/database/location.ts";
import { openDatabase } from "../../src/database/open.ts";
import { runMigration } from "../../src/label-studio/migration.ts";
import type { MigrationOptions } from "../../src/label-studio/migration.ts";
import type { Report } from "../../src/label-studio/report.ts";
import { migrateUploadFiles } from "../../src/label-studio/upload-files.ts";
import { createRepositories } from "../../src/repositories/index.ts";
import { packageRoot } from "../../src/common/package.ts";
import { createCipher } from "../../src/security/crypto.ts";
import type { TestApp } from "./app.ts";
import type { TestHooks } from "./test-hooks.ts";
import { lazyPostgresDatabase } from "./database.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const fixtures = path.join(packageRoot, "test", "fixtures", "label-studio-1.23.2");

/** Somebody of the recorded Label Studio. */
export interface Recorded {
  id: number;
  email: string;
  /** Null for who has none. */
  password: string | null;
  first_name: string;
  last_name: string;
  phone: string;
  legacy_token?: string;
  personal_token?: string;
  revoked_token?: string;
}

/** A Label Studio of a test's own. */
export interface LabelStudio {
  place: DatabaseLocation;
  /** What `--from` is given. */
  from: string;
  /** Its data folder, with .env and media. */
  folder: string;
  secret_key: string;
  people: Record<"ada" | "bjorn" | "zoe" | "ramon" | "noa", Recorded>;
  /** Changes it as its own program might have. */
  change: (work: (database: Knex) => Promise<unknown>) => Promise<void>;
}

/** The recorded one, as it lies on disk: SQLite, `.env` and media. */
export function recordedFiles(t: TestHooks): LabelStudio & { file: string } {
  const { folder, ...facts } = recordedFolder(t, "sqlite");
  const file = path.join(folder, "label_studio.sqlite3");
  writeFileSync(file, gunzipSync(readFileSync(path.join(fixtures, "sqlite", "database.sqlite.gz"))));
  writeFileSync(path.join(folder, ".env"), `SECRET_KEY=${facts.secret_key}\n`);
  const place: DatabaseLocation = { client: "sqlite3", file };
  return { ...facts, folder, file, from: file, place, change: changing(place) };
}

/** The recorded one on PostgreSQL, for tests that run there. */
export async function recordedServer(t: TestHooks): Promise<LabelStudio> {
  const { location, url, create } = lazyPostgresDatabase(t);
  await create();
  const change = changing(location);
  await change((database) => database.raw(dump()));
  return { ...recordedFolder(t, "postgresql"), place: location, from: url, change };
}

/** Without questions marked `?`, which Knex would take for values. */
function dump(): string {
  const sql = gunzipSync(readFileSync(path.join(fixtures, "postgresql", "database.sql.gz"))).toString();
  return sql.replaceAll("?", "\\?");
}

function recordedFolder(t: TestHooks, database: string) {
  const folder = path.join(temporaryFolder(t), "label-studio");
  mkdirSync(folder);
  cpSync(path.join(fixtures, database, "media"), path.join(folder, "media"), { recursive: true });
  const facts = JSON.parse(readFileSync(path.join(fixtures, database, "people.json"), "utf8")) as {
    secret_key: string;
    people: [Recorded, Recorded, Recorded, Recorded, Recorded];
  };
  const [ada, bjorn, zoe, ramon, noa] = facts.people;
  return { folder, secret_key: facts.secret_key, people: { ada, bjorn, zoe, ramon, noa } };
}

function changing(place: DatabaseLocation): LabelStudio["change"] {
  return async (work) => {
    const database = openDatabase(place);
    try {
      await work(database);
    } finally {
      await database.destroy();
    }
  };
}

/**
 * Hashes the passwords of these people as Django does, but with few iterations: the recorded million takes a third of a second
 * for each log-in.
 */
export async function hashCheaply({ change }: LabelStudio, people: Recorded[]): Promise<void> {
  const iterations = 1000;
  await change(async (database) => {
    for (const { id, password } of people) {
      const hash = pbkdf2Sync(password ?? "", "salt", iterations, 32, "sha256").toString("base64");
      await database("htx_user")
        .where({ id })
        .update({ password: `pbkdf2_sha256$${iterations}$salt$${hash}` });
    }
  });
}

/** Migrates it into the database of a running server; without profile images, each of which takes a while. */
export async function migrateInto(
  { database, config }: Pick<TestApp, "database" | "config">,
  { place, secret_key }: LabelStudio,
  options: Partial<MigrationOptions & { dry_run: boolean }> = {},
): Promise<Report> {
  const usual = { media: undefined, dry_run: false, onProgress: () => undefined, ...options };
  const { report, uploads } = await runMigration(
    place,
    { database, cipher: createCipher(config.secret_key) },
    { makeAvatar, secret_key, server_key: config.secret_key, into_existing: false, ...usual },
  );
  await migrateUploadFiles(createRepositories(database, config), uploads, report, usual);
  return report;
}

/** Counts by name: in the source, migrated, existing, skipped. */
export function countsOf({ counts }: Report): Record<string, number[]> {
  return Object.fromEntries(
    counts.map(({ name, in_source, migrated, existing, skipped }) => [name, [in_source, migrated, existing, skipped]]),
  );
}

/** The counts of the recorded data in an empty database; profile images need their folder. */
export const recordedCounts: Record<string, number[]> = {
  people: [5, 5, 0, 0],
  memberships: [5, 5, 0, 0],
  "legacy tokens": [5, 4, 0, 1],
  "personal tokens": [3, 3, 0, 0],
  "profile images": [1, 0, 0, 1],
  projects: [2, 2, 0, 0],
  "names of imported files": [7, 7, 0, 0],
  tasks: [447, 447, 0, 0],
  predictions: [106, 106, 0, 0],
  annotations: [500, 500, 0, 0],
  drafts: [2, 2, 0, 0],
  "uploaded files": [7, 0, 0, 7],
};
