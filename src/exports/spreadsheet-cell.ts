/**
 * A text as a quoted cell of a CSV file that people open with a spreadsheet: what would be read as a formula gets an apostrophe in
 * front, as OWASP says of CSV injection.
 */
export function spreadsheetCell(text: string): string {
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return `"${harmless.replaceAll('"', '""')}"`;
}
