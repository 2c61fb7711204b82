/** Why a text can't be kept as it is in every database, in upstream's words; undefined when it can. */
export function storageError(text: string): string | undefined {
  if (text.includes("\0")) return "Null characters are not allowed.";
  const [half] = /\p{Surrogate}/u.exec(text) ?? [];
  return half && `Surrogate characters are not allowed: U+${half.charCodeAt(0).toString(16).toUpperCase()}.`;
}

/**
 * What is wrong, by the name of the field, with texts and lists of texts that a form gave out; undefined when all can be
 * kept. Passwords are not kept, and JSON is with such characters as it writes them.
 */
export function findUnstorableFields(data: unknown): Record<string, string[]> | undefined {
  const errors = Object.entries(Object(data)).flatMap(([name, value]): [string, string[]][] => {
    const texts = [value].flat().filter((each) => typeof each === "string");
    const problem = name.includes("password") ? undefined : texts.map(storageError).find((each) => each !== undefined);
    return problem === undefined ? [] : [[name, [problem]]];
  });
  return errors.length > 0 ? Object.fromEntries(errors) : undefined;
}

/** A text that was only quoted, such as a file's name: it may hold a NUL, which PostgreSQL can't keep. */
export function replaceNul(text: string): string {
  return text.replaceAll("\0", "\uFFFD");
}
