type Cell = string | number;

/** Rows in columns of the same width: words on the left, numbers on the right. */
export function table(heads: string[], rows: Cell[][]): string[] {
  const widths = heads.map((head, column) => Math.max(head.length, ...rows.map((row) => String(row[column]).length)));
  const line = (row: Cell[]) =>
    row
      .map((cell, column) => {
        const width = widths[column] ?? 0;
        return column === 0 ? String(cell).padEnd(width) : String(cell).padStart(width);
      })
      .join("  ")
      .trimEnd();
  return [heads, ...rows].map(line);
}
