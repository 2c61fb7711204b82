import type { Knex } from "knex";

import { insertInBatches } from "../../database/batches.ts";
import { lockTables } from "../../database/locks.ts";
import { isPostgres } from "../../database/open.ts";
import { makeSequencesTransactional } from "../../database/postgresql.ts";
import { inTransactionOrDryRun } from "../../database/transaction.ts";
import { avatars } from "../../repositories/accounts/avatars.ts";
import { counterRebuild } from "../../repositories/counters/rebuild-counters.ts";
import type { Cipher } from "../../security/crypto.ts";
import { targetOrganization } from "./organization.ts";
import { targetPeople } from "./people.ts";
import { sourceRecords } from "./sources.ts";
import { targetTokens } from "./tokens.ts";

/** The tables whose rows keep the ids that they had in Label Studio, where these are free. */
export const migratedTables = [
  "users",
  "projects",
  "file_uploads",
  "tasks",
  "predictions",
  "annotations",
  "drafts",
] as const;

export type MigratedTable = (typeof migratedTables)[number];

/** All tables that a migration inserts into. */
const lockedTables = [
  ...migratedTables,
  "organizations",
  "organization_members",
  "legacy_tokens",
  "personal_tokens",
  "label_studio_sources",
];

export type Target = ReturnType<typeof createTarget>;

/**
 * Runs `work` in one transaction that is committed at its end, or rolled back if it throws and after a dry run. Other writers
 * wait meanwhile.
 */
export async function withTarget<Result>(
  database: Knex,
  cipher: Cipher,
  { dry_run }: { dry_run: boolean },
  work: (target: Target) => Promise<Result>,
): Promise<Result> {
  return inTransactionOrDryRun(database, { isDryRun: dry_run }, async (transaction) => {
    await lockTables(transaction, lockedTables);
    if (dry_run && isPostgres(transaction)) await makeSequencesTransactional(transaction, lockedTables);
    const result = await work(createTarget(transaction, cipher));
    if (!dry_run && isPostgres(transaction)) await advanceSequences(transaction);
    return result;
  });
}

/** What a migration reads and writes in this server's database, all in one transaction. */
function createTarget(transaction: Knex, cipher: Cipher) {
  return {
    avatars: avatars(transaction),
    organization: targetOrganization(transaction, cipher),
    people: targetPeople(transaction),
    counterRebuild: counterRebuild(transaction),
    sources: sourceRecords(transaction, cipher),
    tokens: targetTokens(transaction, cipher),

    async isEmpty(): Promise<boolean> {
      for (const table of ["users", "organizations"]) if (await transaction(table).first("id")) return false;
      return true;
    },

    async count(table: MigratedTable | "organization_members" | "legacy_tokens" | "personal_tokens"): Promise<number> {
      const [row] = await transaction(table).count({ total: "*" });
      return Number(row?.total);
    },

    /** Returns the highest id; 0 without rows. */
    async lastId(table: MigratedTable): Promise<number> {
      const [row] = await transaction(table).max({ last: "id" });
      return Number(row?.last ?? 0);
    },

    /** Returns those of these ids that rows of the table have. */
    async findUsedIds(table: MigratedTable, ids: number[]): Promise<Set<number>> {
      return new Set<number>(await transaction(table).whereIn("id", ids).pluck("id"));
    },

    async insert(table: MigratedTable, rows: object[]): Promise<void> {
      await insertInBatches(transaction, table, rows);
    },

    /** Returns those of these UUIDs that annotations have. */
    async findUsedUniqueIds(unique_ids: string[]): Promise<Set<string>> {
      return new Set<string>(await transaction("annotations").whereIn("unique_id", unique_ids).pluck("unique_id"));
    },

    async setParents(parents: { id: number; parent_annotation_id: number }[]): Promise<void> {
      for (const { id, parent_annotation_id } of parents)
        await transaction("annotations").where({ id }).update({ parent_annotation_id });
    },

    /** Returns the highest `inner_id` of a task in each of these projects, by project id. */
    async lastInnerIds(project_ids: number[]): Promise<Map<number, number>> {
      const rows: { id: number; last_inner_id: number }[] = await transaction("projects")
        .whereIn("id", project_ids)
        .select("id", "last_inner_id");
      return new Map(rows.map(({ id, last_inner_id }) => [id, last_inner_id]));
    },
  };
}

/** PostgreSQL's sequences don't notice rows that are inserted with an id. */
async function advanceSequences(transaction: Knex): Promise<void> {
  for (const table of [...migratedTables, "organization_members"]) {
    await transaction.raw("select setval(pg_get_serial_sequence(?, 'id'), max(id)) from ?? having max(id) > 0", [
      table,
      table,
    ]);
  }
}
