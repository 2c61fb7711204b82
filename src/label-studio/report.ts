/** How many rows of a kind were migrated. */
export interface RowCounts {
  name: string;
  in_source: number;
  migrated: number;
  /** Migrated by an earlier run, or in the target anyway. */
  existing: number;
  skipped: number;
  /** In the target after the migration. */
  in_target: number;
}

export interface Report {
  /** The title of the organization. */
  title: string;
  /** Whether rows of this Label Studio were migrated before. */
  is_repeated: boolean;
  counts: RowCounts[];
  /** What people should know about their data, a sentence each. */
  notes: string[];
  /** What has no place here, such as "2 webhooks". */
  unsupported: string[];
}

/** What did not come along, such as "2 webhooks": the rows that were left out, and what has no place here. */
export function leftBehind({ counts, unsupported }: Report): string[] {
  const skipped = counts.filter((each) => each.skipped > 0);
  return [...skipped.map((each) => formatCount(each.skipped, each.name)), ...unsupported];
}

/** More names than these are only counted. */
const maxNames = 200;

/** Returns the names in one line, such as "a, b and 3 more". */
export function joinNames(names: string[]): string {
  const more = names.length - maxNames;
  return names.slice(0, maxNames).join(", ") + (more > 0 ? ` and ${more} more` : "");
}

/** Returns "1 task" or "2 tasks". `names` is the plural. */
export function formatCount(count: number, names: string): string {
  return `${count} ${count === 1 ? singular(names) : names}`;
}

function singular(names: string): string {
  if (names === "people") return "person";
  return names.replace(/\b(\w+?)(ies|s)\b/, (_, word: string, end: string) => word + (end === "ies" ? "y" : ""));
}

/** Throws if rows were lost or appeared from nowhere. `before` is the number of rows in the target before the migration. */
export function assertAllCounted(counts: RowCounts, before: number): void {
  const { name, in_source, migrated, existing, skipped, in_target } = counts;
  if (in_source !== migrated + existing + skipped || in_target !== before + migrated)
    throw new Error(
      `The number of ${name} is not right, and nothing was moved: ${in_source} there, ${migrated} moved, ${existing} here before, ${skipped} left out; ${before} here before, ${in_target} after.`,
    );
}
