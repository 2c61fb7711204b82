import { createIdMap } from "./id-map.ts";
import type { MigrationContext } from "./migration-context.ts";
import { assertAllCounted, formatCount } from "./report.ts";
import type { RowCounts } from "./report.ts";
import type { SourceRow, SourceTable } from "./source.ts";
import type { IdRange } from "./target/sources.ts";
import type { MigratedTable } from "./target/target.ts";

/**
 * What a row of the source becomes: a new row, one that is in the target already, or none for a reason. `row` is called when
 * the target ids of the whole batch are known.
 */
type RowOutcome<New extends object> = { row: () => New } | { existing_id: number } | { skip_reason: string };

interface CopyOptions<Table extends SourceTable, New extends object> {
  /** The plural that the report calls the rows by. */
  name: string;
  from: Table;
  to: MigratedTable;
  /** Returns an outcome for each of these rows, in their order. They are rows that were not migrated before. */
  convert: (rows: SourceRow<Table>[]) => RowOutcome<New>[] | Promise<RowOutcome<New>[]>;
  insert?: (rows: (New & { id: number })[]) => Promise<void>;
}

type TableWithId = SourceTable & { columns: { id: "number" } };

/** Copies a table in batches. Rows keep their ids, unless the target uses these for other rows. */
export async function copyRows<Table extends TableWithId, New extends object>(
  migration: MigrationContext,
  { name, from, to: table, convert, insert = (rows) => migration.target.insert(table, rows) }: CopyOptions<Table, New>,
): Promise<void> {
  const { source, target, ids, report } = migration;
  const in_source = await source.count(from.name);
  const before = await target.count(table);
  const counts: RowCounts = { name, in_source, migrated: 0, existing: 0, skipped: 0, in_target: 0 };
  const skipReasons = new Map<string, number>();
  const renumbered = createIdMap([]);
  const nextFreeId = await createIdGenerator(migration, table, from.name);
  let done = 0;
  for await (const rows of source.batches(from)) {
    const newRows = rows.filter(({ id }) => ids[table].get(id as number) === undefined);
    const outcomes = await convert(newRows);
    const insertedIds = newRows.flatMap(({ id }, index) => ("row" in (outcomes[index] ?? {}) ? [id as number] : []));
    const usedIds =
      migration.is_empty || insertedIds.length === 0 ? new Set() : await target.findUsedIds(table, insertedIds);
    const inserts: (() => New & { id: number })[] = [];
    for (const [index, row] of newRows.entries()) {
      const outcome = outcomes[index] ?? { skip_reason: "they can't be read" };
      const id = row.id as number;
      if ("row" in outcome) {
        const target_id = usedIds.has(id) ? nextFreeId() : id;
        ids[table].add(id, target_id);
        if (target_id !== id) renumbered.add(id, target_id);
        inserts.push(() => ({ ...outcome.row(), id: target_id }));
      } else if ("existing_id" in outcome) {
        ids[table].add(id, outcome.existing_id);
        counts.existing++;
      } else skipReasons.set(outcome.skip_reason, (skipReasons.get(outcome.skip_reason) ?? 0) + 1);
    }
    if (inserts.length > 0) await insert(inserts.map((row) => row()));
    counts.migrated += inserts.length;
    counts.existing += rows.length - newRows.length;
    done += rows.length;
    migration.onProgress({ name, done, total: in_source });
  }
  await target.sources.saveRanges(migration.source_id, table, ids[table].takeUnsaved());
  for (const [reason, count] of skipReasons) {
    counts.skipped += count;
    report.notes.push(`Left out: ${formatCount(count, name)}, because ${reason}.`);
  }
  const newIds = renumbered.takeUnsaved();
  if (newIds.length > 0) report.notes.push(newIdsNote(name, newIds));
  counts.in_target = await target.count(table);
  assertAllCounted(counts, before);
  report.counts.push(counts);
}

/** Returns a function for new ids above all ids of source and target, so that no later row of the source needs one. */
async function createIdGenerator(
  { target, source }: MigrationContext,
  table: MigratedTable,
  from: string,
): Promise<() => number> {
  let last = Math.max(await target.lastId(table), await source.lastId(from));
  return () => ++last;
}

function newIdsNote(name: string, ranges: IdRange[]): string {
  const format = (first: number, count: number) => (count === 1 ? `${first}` : `${first} to ${first + count - 1}`);
  const examples = ranges.slice(0, 20).map(({ first_id, last_id, new_id }) => {
    const count = last_id - first_id + 1;
    return `${format(first_id, count)} → ${format(new_id, count)}`;
  });
  const total = ranges.reduce((sum, { first_id, last_id }) => sum + last_id - first_id + 1, 0);
  const more = ranges.length > examples.length ? ", …" : "";
  return `New ids, because theirs are taken here: ${formatCount(total, name)} (${examples.join(", ")}${more}).`;
}
