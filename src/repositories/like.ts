/** A pattern for `like … escape '\'` that matches what contains this text. */
export function containing(text: string): string {
  return `%${text.replace(/[\\%_]/g, "\\$&")}%`;
}
