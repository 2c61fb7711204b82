/** A table of texts. */
interface Columns {
  columns: string[];
  rows: string[][];
}

/** Parses CSV that is a value of a task: the first row names the columns. A quoted cell may hold separators and line ends. */
export function parseColumns(text: string, separator: string): Columns {
  const [columns = [], ...rows] = cellsOf(text, separator);
  return { columns, rows };
}

function cellsOf(text: string, separator: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let at = text.startsWith("\uFEFF") ? 1 : 0;
  while (at < text.length) {
    const { cell, end } = cellAt(text, at, separator);
    row.push(cell);
    at = end;
    if (text.startsWith(separator, at)) {
      at += separator.length;
      if (at < text.length && !isLineEnd(text.charAt(at))) continue;
      row.push("");
    }
    if (row.length > 1 || row[0] !== "") rows.push(row);
    row = [];
    while (at < text.length && isLineEnd(text.charAt(at))) at++;
  }
  return rows;
}

function cellAt(text: string, start: number, separator: string): { cell: string; end: number } {
  if (text.charAt(start) === '"') {
    const quoted = /"((?:[^"]|"")*)"/y;
    quoted.lastIndex = start;
    const match = quoted.exec(text);
    const after = start + (match?.[0].length ?? 0);
    if (match && (after >= text.length || isLineEnd(text.charAt(after)) || text.startsWith(separator, after)))
      return { cell: (match[1] ?? "").replaceAll('""', '"'), end: after };
  }
  const first = separator.charCodeAt(0);
  let end = start;
  for (; end < text.length; end++) {
    const code = text.charCodeAt(end);
    if (code === 0x0a || code === 0x0d || (code === first && text.startsWith(separator, end))) break;
  }
  return { cell: text.slice(start, end).trim(), end };
}

function isLineEnd(character: string): boolean {
  return character === "\n" || character === "\r";
}
