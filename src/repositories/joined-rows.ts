/** `table.column as table__column`, so that columns of the same name stay apart in a joined row. */
export function selectPrefixed(table: string, columns: readonly string[]): string[] {
  return columns.map((column) => `${table}.${column} as ${table}__${column}`);
}

/** Returns the columns of one table from a row that was selected with `selectPrefixed`. */
export function unprefix<Columns>(row: Record<string, unknown>, table: string): Columns {
  const prefix = `${table}__`;
  const columns: Record<string, unknown> = {};
  for (const name in row) if (name.startsWith(prefix)) columns[name.slice(prefix.length)] = row[name];
  return columns as Columns;
}
