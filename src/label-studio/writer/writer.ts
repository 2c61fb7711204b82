import type { Knex } from "knex";

import { isPostgres } from "../../database/open.ts";
import { lockTables } from "../../database/locks.ts";
import { inTransaction } from "../../database/transaction.ts";
import type { Cipher } from "../../security/crypto.ts";
import { movedOrganization } from "./organization.ts";
import { movedPeople } from "./people.ts";
import { movedSources } from "./sources.ts";
import { movedTokens } from "./tokens.ts";
import { avatars } from "../../repositories/accounts/avatars.ts";
import { recounts } from "../../repositories/counters/rebuild-counters.ts";

/** The tables whose rows have the ids that they had in Label Studio, where these are free. */
export type CopiedTable = (typeof copiedTables)[number];

export const copiedTables = [
  "users",
  "projects",
  "file_uploads",
  "tasks",
  "predictions",
  "annotations",
  "drafts",
] as const;

/** All that rows are added to. */
const changed = [
  ...copiedTables,
  "organizations",
  "organization_members",
  "legacy_tokens",
  "personal_tokens",
  "label_studio_sources",
];

/** Rows that one statement inserts: databases limit the number of values in one. */
const rowsAtATime = 500;

export type Writer = ReturnType<typeof moving>;

/** Thrown inside of the transaction to undo it. */
class Undo<Result> extends Error {
  readonly result: Result;

  constructor(result: Result) {
    super("Undone");
    this.result = result;
  }
}

/** Takes over what another program kept. */
export function createWriter(database: Knex, keys: { sealer: Cipher }) {
  return {
    /** All of the work or, when it throws or nothing is to be kept, none of it. Whoever else writes waits meanwhile. */
    async all<Result>(work: (to: Writer) => Promise<Result>, { keep }: { keep: boolean }): Promise<Result> {
      try {
        return await inTransaction(database, async (transaction) => {
          await lockTables(transaction, changed);
          const result = await work(moving(transaction, keys));
          if (!keep) throw new Undo(result);
          if (isPostgres(transaction)) await endSequences(transaction);
          return result;
        });
      } catch (error) {
        if (error instanceof Undo) return (error as Undo<Result>).result;
        throw error;
      }
    },
  };
}

/** What the work is given: everything in the same transaction. */
function moving(transaction: Knex, keys: { sealer: Cipher }) {
  return {
    avatars: avatars(transaction),
    organization: movedOrganization(transaction, keys.sealer),
    people: movedPeople(transaction),
    recounts: recounts(transaction),
    sources: movedSources(transaction, keys.sealer),
    tokens: movedTokens(transaction, keys.sealer),

    async isEmpty(): Promise<boolean> {
      for (const table of ["users", "organizations"]) if (await transaction(table).first("id")) return false;
      return true;
    },

    async count(table: CopiedTable | "organization_members" | "legacy_tokens" | "personal_tokens"): Promise<number> {
      const [row] = await transaction(table).count({ total: "*" });
      return Number(row?.total);
    },

    async lastId(table: CopiedTable): Promise<number> {
      const [row] = await transaction(table).max({ last: "id" });
      return Number(row?.last ?? 0);
    },

    /** Those of these ids that rows have. */
    async taken(table: CopiedTable, ids: number[]): Promise<Set<number>> {
      return new Set<number>(await transaction(table).whereIn("id", ids).pluck("id"));
    },

    async insert(table: CopiedTable, rows: object[]): Promise<void> {
      for (let start = 0; start < rows.length; start += rowsAtATime)
        await transaction(table).insert(rows.slice(start, start + rowsAtATime));
    },

    /** Of these ids of annotations, those that others have. */
    async takenUniqueIds(unique_ids: string[]): Promise<Set<string>> {
      return new Set<string>(await transaction("annotations").whereIn("unique_id", unique_ids).pluck("unique_id"));
    },

    async setParents(parents: { id: number; parent_annotation_id: number }[]): Promise<void> {
      for (const { id, parent_annotation_id } of parents)
        await transaction("annotations").where({ id }).update({ parent_annotation_id });
    },

    /** The last number of a task in each of these projects, by their ids. */
    async lastInnerIds(project_ids: number[]): Promise<Map<number, number>> {
      const rows: { id: number; last_inner_id: number }[] = await transaction("projects")
        .whereIn("id", project_ids)
        .select("id", "last_inner_id");
      return new Map(rows.map(({ id, last_inner_id }) => [id, last_inner_id]));
    },
  };
}

/** PostgreSQL counts on from the last id that it gave itself. */
async function endSequences(transaction: Knex): Promise<void> {
  for (const table of [...copiedTables, "organization_members"]) {
    await transaction.raw("select setval(pg_get_serial_sequence(?, 'id'), max(id)) from ?? having max(id) > 0", [
      table,
      table,
    ]);
  }
}
