import type { CopiedTable } from "./writer/writer.ts";
import type { Run } from "./writer/sources.ts";
import { idRanges } from "./id-runs.ts";
import type { MigrationContext } from "./move.ts";
import { checkTally, counted } from "./report.ts";
import type { Tally } from "./report.ts";
import type { SourceRow, SourceTable } from "./source.ts";

/** What becomes of a row: a row here, one that is here already, or none. `row` is asked once the piece's ids are known. */
export type Outcome<New extends object> = { row: () => New } | { same: number } | { left_out: string };

interface Rows<Table extends SourceTable, New extends object> {
  /** As the report calls them. */
  name: string;
  from: Table;
  to: CopiedTable;
  /** Of rows that were not moved before, in their order. */
  outcomes: (rows: SourceRow<Table>[]) => Outcome<New>[] | Promise<Outcome<New>[]>;
  insert?: (rows: (New & { id: number })[]) => Promise<void>;
}

type WithId = SourceTable & { columns: { id: "number" } };

/** Moves a table's rows in pieces. They keep their ids, but where these are taken. */
export async function copyRows<Table extends WithId, New extends object>(
  move: MigrationContext,
  { name, from, to: table, outcomes, insert = (rows) => move.to.insert(table, rows) }: Rows<Table, New>,
): Promise<void> {
  const { source, to, ids, report } = move;
  const total = await source.count(from.name);
  const before = await to.count(table);
  const tally: Tally = { name, there: total, moved: 0, before: 0, left_out: 0, here: 0 };
  const reasons = new Map<string, number>();
  const renumbered = idRanges([]);
  const freeId = await freeIds(move, table, from.name);
  let done = 0;
  for await (const rows of source.pieces(from)) {
    const fresh = rows.filter(({ id }) => ids[table].get(id as number) === undefined);
    const found = await outcomes(fresh);
    const wanted = fresh.flatMap(({ id }, at) => ("row" in (found[at] ?? {}) ? [id as number] : []));
    const taken = move.is_empty || wanted.length === 0 ? new Set() : await to.taken(table, wanted);
    const added: (() => New & { id: number })[] = [];
    for (const [at, { id: old }] of fresh.entries()) {
      const outcome = found[at] ?? { left_out: "they can't be read" };
      const id = old as number;
      if ("row" in outcome) {
        const new_id = taken.has(id) ? freeId() : id;
        ids[table].add(id, new_id);
        if (new_id !== id) renumbered.add(id, new_id);
        added.push(() => ({ ...outcome.row(), id: new_id }));
      } else if ("same" in outcome) {
        ids[table].add(id, outcome.same);
        tally.before++;
      } else reasons.set(outcome.left_out, (reasons.get(outcome.left_out) ?? 0) + 1);
    }
    if (added.length > 0) await insert(added.map((row) => row()));
    tally.moved += added.length;
    tally.before += rows.length - fresh.length;
    done += rows.length;
    move.tell({ name, done, total });
  }
  await to.sources.keepRuns(move.source_id, table, ids[table].takeUnsaved());
  for (const [reason, count] of reasons) {
    tally.left_out += count;
    report.notes.push(`Left out: ${counted(count, name)}, because ${reason}.`);
  }
  const runs = renumbered.takeUnsaved();
  if (runs.length > 0) report.notes.push(newIds(name, runs));
  tally.here = await to.count(table);
  checkTally(tally, before);
  report.tallies.push(tally);
}

/** Ids that neither a row here has nor one there. */
async function freeIds({ to, source }: MigrationContext, table: CopiedTable, from: string): Promise<() => number> {
  let last = Math.max(await to.lastId(table), await source.lastId(from));
  return () => ++last;
}

function newIds(name: string, runs: Run[]): string {
  const range = (first: number, count: number) => (count === 1 ? `${first}` : `${first} to ${first + count - 1}`);
  const told = runs.slice(0, 20).map(({ first_id, last_id, new_id }) => {
    const count = last_id - first_id + 1;
    return `${range(first_id, count)} → ${range(new_id, count)}`;
  });
  const total = runs.reduce((sum, { first_id, last_id }) => sum + last_id - first_id + 1, 0);
  const more = runs.length > told.length ? ", …" : "";
  return `New ids, because theirs are taken here: ${counted(total, name)} (${told.join(", ")}${more}).`;
}
