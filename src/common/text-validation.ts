/** Returns why a text can't be stored in every database, in Label Studio's words; undefined if it can. */
export function storageError(text: string): string | undefined {
  if (text.includes("\0")) return "Null characters are not allowed.";
  const [surrogate] = /\p{Surrogate}/u.exec(text) ?? [];
  return surrogate && `Surrogate characters are not allowed: U+${surrogate.charCodeAt(0).toString(16).toUpperCase()}.`;
}

/**
 * Returns the errors of a form's output by the name of the field, for texts and lists of texts; undefined if all can be stored.
 * Passwords are skipped, since only their hashes are stored.
 */
export function findUnstorableFields(data: unknown): Record<string, string[]> | undefined {
  const errors = Object.entries(Object(data)).flatMap(([name, value]): [string, string[]][] => {
    const texts = [value].flat().filter((each) => typeof each === "string");
    const error = name.includes("password") ? undefined : texts.map(storageError).find((each) => each !== undefined);
    return error === undefined ? [] : [[name, [error]]];
  });
  return errors.length > 0 ? Object.fromEntries(errors) : undefined;
}

/** Replaces NUL, which PostgreSQL can't store, in a text that is only quoted, such as a file's name. */
export function replaceNul(text: string): string {
  return text.replaceAll("\0", "\uFFFD");
}
