import type { RegionFields, RegionState } from "./region-state.ts";
import type { Span } from "./spans.ts";

/** The list of regions after a click, and what is to be said about it. */
export interface EditedRegions {
  state: RegionState;
  /** The list before the click, as the page shows it. */
  before?: RegionState;
  /** By the names of fields. */
  errors: Record<string, string>;
  /** What was typed and can't be taken, by the names of fields. */
  typed: RegionFields;
  /** What the page puts the focus on: a button by what it sends, or the name of a part of the list. */
  focus: string;
  /** What happened, for those who can't see it. */
  message: string;
  /** Places where a text was found that can be marked. */
  matches: { target: string; spans: Span[] } | undefined;
}
