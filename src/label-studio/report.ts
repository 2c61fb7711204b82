/** What became of the rows of one kind. */
export interface Tally {
  name: string;
  there: number;
  moved: number;
  /** Moved before, or here anyway. */
  before: number;
  left_out: number;
  /** How many of the kind are here now. */
  here: number;
}

export interface Report {
  /** Of the organization. */
  title: string;
  /** Whether rows of this Label Studio were moved before. */
  is_repeated: boolean;
  tallies: Tally[];
  /** What somebody should know, a sentence each. */
  notes: string[];
}

/** So many names stand in a sentence; the rest is a number. */
const mostNames = 200;

export function listed(names: string[]): string {
  const more = names.length - mostNames;
  return names.slice(0, mostNames).join(", ") + (more > 0 ? ` and ${more} more` : "");
}

/** "1 task", "2 tasks". `names` is the plural. */
export function counted(count: number, names: string): string {
  return `${count} ${count === 1 ? singular(names) : names}`;
}

function singular(names: string): string {
  if (names === "people") return "person";
  return names.replace(/\b(\w+?)(ies|s)\b/, (_, word: string, end: string) => word + (end === "ies" ? "y" : ""));
}

/** Throws when rows were lost on the way, or came out of nowhere. */
export function checkTally(tally: Tally, before: number): void {
  const { name, there, moved, before: known, left_out, here } = tally;
  if (there !== moved + known + left_out || here !== before + moved)
    throw new Error(
      `The number of ${name} is not right, and nothing was moved: ${there} there, ${moved} moved, ${known} here before, ${left_out} left out; ${before} here before, ${here} after.`,
    );
}
