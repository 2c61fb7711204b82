/** A record with the fields that were asked for: all of them, unless some are named. */
export function sparseFields<Record extends object>(record: Record, names: string[] | undefined): Partial<Record> {
  if (!names) return record;
  return Object.fromEntries(Object.entries(record).filter(([name]) => names.includes(name))) as Partial<Record>;
}
