/** A text that was only quoted, such as a file's name: it may hold a NUL, which PostgreSQL can't keep. */
export function keepable(text: string): string {
  return text.replaceAll("\0", "\uFFFD");
}
