/** The columns of one table in a row of several that are joined, where they are called `table__column`. */
export interface JoinedColumns<Row> {
  /** `table.column as table__column`, to select them. */
  select: string[];
  /** Returns them from a joined row by their own names. */
  read(row: Record<string, unknown>): Row;
}

/** The columns of `Row` that are selected from `table`. */
export function joinedColumns<Row>(table: string, columns: readonly (keyof Row & string)[]): JoinedColumns<Row> {
  const prefixed = columns.map((column) => [column, `${table}__${column}`] as const);
  // Parsed, since V8 reads a copy of such an object far faster than one that grew by a name at a time.
  const empty = JSON.parse(JSON.stringify(Object.fromEntries(columns.map((column) => [column, null])))) as object;
  return {
    select: columns.map((column) => `${table}.${column} as ${table}__${column}`),
    read(row) {
      const own: Record<string, unknown> = { ...empty };
      for (const [column, name] of prefixed) own[column] = row[name];
      return own as Row;
    },
  };
}

/** Returns the columns of one table from a row, whichever they are. */
export function unprefix<Columns>(row: Record<string, unknown>, table: string): Columns {
  const prefix = `${table}__`;
  const columns: Record<string, unknown> = {};
  for (const name in row) if (name.startsWith(prefix)) columns[name.slice(prefix.length)] = row[name];
  return columns as Columns;
}
