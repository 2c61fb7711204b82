/** What a region is, for the list of regions. */
export interface RegionWords {
  /** What it covers; empty where that is no text. */
  text: string;
  /** Where it is. */
  place: string;
  /** Why it is not where it says, as a sentence. */
  problem: string | undefined;
  /** Where a browser plays it. */
  play?: string | undefined;
}

/** A number of a region's place that people may change. */
export interface PlaceField {
  name: string;
  label: string;
  /** As a result has it. */
  value: string;
  error?: string;
  /** It takes more than a number. */
  is_wide?: boolean;
}

/** A button that moves one end of a region a little. */
export interface PlaceStep {
  /** What the button sends. */
  step: string;
  label: string;
  icon: "chevron-left" | "chevron-right";
  /** Of the first of several that belong together. */
  title: string;
}

/** Two fields between whose places a segment is marked. */
export interface RangeFields<M> {
  /** Undefined where nothing can be marked. */
  labels(marker: M): RangeLabels | undefined;
  /** What a click sends that marks it, or what is wrong with the texts. */
  read(marker: M, from: string, to: string): { click: string } | { errors: { from?: string; to?: string } };
}

/** What the fields are called. */
export interface RangeLabels {
  from: string;
  to: string;
  /** Empty for none. */
  hint: string;
  /** They take more than a number. */
  is_wide: boolean;
  /** A player of a recording knows its time and its length. */
  has_player: boolean;
}

/** What is clicked so far, for people: `From “words”: next`. */
export interface PendingWords {
  words: string;
  /** What to do next. */
  next: string;
  /** The button that makes a region of it as it is; empty where more clicks are missing. */
  finish: string;
}

/** What a click on an object makes: a region's place, or the first of the clicks that it takes. */
export type Marking =
  | {
      place: Record<string, unknown>;
      /** The clicks that made it, as `pending`. */
      clicks: string;
      /** What new entries say beside their value. */
      members?: Record<string, unknown>;
    }
  | { pending: string; words: string; is_complete: boolean }
  | { error: string };
