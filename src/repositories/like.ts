/** A pattern for `like … escape '\'` that matches what contains this text. */
export function containing(text: string): string {
  return `%${text.replace(/[\\%_]/g, "\\$&")}%`;
}

/** A part of JSON without the blanks that most programs write between its parts, and that are not stored. */
export function compactPart(json: string): string {
  return json.replaceAll(/([:,]) (?=["[{\d-])/g, "$1");
}
