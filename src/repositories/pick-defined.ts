/** The changes that were given, by the list of the columns that may be changed. */
export function pickDefined<Changes extends object, Column extends keyof Changes>(
  changes: Changes,
  columns: readonly Column[],
): Pick<Changes, Column> {
  return Object.fromEntries(
    columns.flatMap((name) => (changes[name] === undefined ? [] : [[name, changes[name]]])),
  ) as Pick<Changes, Column>;
}
