/** Returns the record with only the fields that have these names; with all of them if no names were requested. */
export function sparseFields<Record extends object>(record: Record, names: string[] | undefined): Partial<Record> {
  if (!names) return record;
  return Object.fromEntries(Object.entries(record).filter(([name]) => names.includes(name))) as Partial<Record>;
}
