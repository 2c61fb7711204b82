type Cell = string | number;

/** Rows in columns of the same width: words on the left, numbers on the right. */
export function table(heads: string[], rows: Cell[][]): string[] {
  const widths = heads.map((head, column) => Math.max(head.length, ...rows.map((row) => String(row[column]).length)));
  const isNumeric = (column: number) => typeof rows[0]?.[column] === "number";
  const line = (row: Cell[]) =>
    row
      .map((cell, column) => {
        const width = widths[column] ?? 0;
        return isNumeric(column) ? String(cell).padStart(width) : String(cell).padEnd(width);
      })
      .join("  ")
      .trimEnd();
  return [heads, ...rows].map(line);
}
