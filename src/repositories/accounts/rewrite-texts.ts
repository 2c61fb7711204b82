import type { Knex } from "knex";

const batchSize = 500;

interface TextColumns {
  table: string;
  /** The primary key, an integer. */
  key: string;
  columns: string[];
}

/** Replaces these texts in all rows that have them (keyset pagination). */
export async function rewriteTexts(
  transaction: Knex,
  { table, key, columns }: TextColumns,
  replace: (texts: string[]) => string[],
): Promise<void> {
  for (let last = 0; ;) {
    const rows: Record<string, string | number>[] = await transaction(table)
      .where(key, ">", last)
      .whereNotNull(columns.at(-1) ?? "")
      .orderBy(key)
      .limit(batchSize)
      .select([key, ...columns]);
    const lastRow = rows.at(-1);
    if (!lastRow) return;
    last = Number(lastRow[key]);
    const replaced = rows.map((row) => [Number(row[key]), ...replace(columns.map((column) => String(row[column])))]);
    await updateRows(transaction, { table, key, columns }, replaced);
  }
}

async function updateRows(
  transaction: Knex,
  { table, key, columns }: TextColumns,
  rows: (string | number)[][],
): Promise<void> {
  const names = columns.map((_, index) => `text_${index}`);
  const row = `(cast(? as integer), ${names.map(() => "cast(? as text)").join(", ")})`;
  const assignments = names.map((name) => `?? = replaced.${name}`).join(", ");
  await transaction.raw(
    `with replaced(id, ${names.join(", ")}) as (values ${rows.map(() => row).join(", ")})
     update ?? set ${assignments} from replaced where ?? = replaced.id`,
    [...rows.flat(), table, ...columns, `${table}.${key}`],
  );
}
