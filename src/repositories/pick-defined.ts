/** Returns the fields of `changes` among `columns` that are not undefined: an allow list for inserts and updates. */
export function pickDefined<Changes extends object, Column extends keyof Changes>(
  changes: Changes,
  columns: readonly Column[],
): Pick<Changes, Column> {
  return Object.fromEntries(
    columns.flatMap((name) => (changes[name] === undefined ? [] : [[name, changes[name]]])),
  ) as Pick<Changes, Column>;
}
