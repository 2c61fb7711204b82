/** Why a part of a label config is not on the page, or can't be answered there. */
export type OmissionReason = keyof typeof reasons;

/** A part of a label config that is not on the page. */
export interface Omission {
  tag: string;
  line: number;
  reason: OmissionReason;
}

/** In the words of people; each follows the names of the tags, "Labels, Brush: ". */
const reasons = {
  region: "regions can’t be drawn here yet",
  no_shape: "there is no shape to draw: add Rectangle or Polygon, for example",
  text_elsewhere: "marks a text at another address, which this server doesn’t read",
  long_html: "this HTML is too long to be marked here",
  per_region: "asks about a region, which can’t be drawn here yet",
  per_item: "asks about each picture of a list, which can’t be answered one by one here yet",
  remote_options: "its options come from another server, which isn’t asked",
  date_format: "its date format can’t be entered here",
  no_object: "it doesn’t say what it is about: add toName",
  no_name: "it has no name to keep an answer under: add one",
  two_objects: "compares two things: name both in toName, “first,second”",
  no_list: "orders the items of a List: name one in toName",
  model: "no language model answers here",
  too_many_entries: "the list has too many entries to ask about all of them",
  unknown: "isn’t known here",
  search: "the browser’s search finds options",
  look: "pages keep their own look",
};

/** How it looks and how it is searched is the business of whoever writes the label config, not of those who label. */
const cosmetic: ReadonlySet<OmissionReason> = new Set(["look", "search"]);

/** Omissions with the same reason, for people. */
export interface OmissionNote {
  tags: string[];
  reason: string;
  /** Of the first. */
  line: number;
}

/** What is missing, each reason once, in the order of the label config. */
export function omissionNotes(omissions: readonly Omission[]): OmissionNote[] {
  const notes = new Map<OmissionReason, OmissionNote>();
  for (const { tag, line, reason } of omissions) {
    const note = notes.get(reason) ?? { tags: [], reason: reasons[reason], line };
    if (!note.tags.includes(tag)) note.tags.push(tag);
    notes.set(reason, note);
  }
  return [...notes.values()];
}

/** The omissions that matter to whoever labels: what is not shown, or can't be answered. */
export function labelersOmissions(omissions: readonly Omission[]): Omission[] {
  return omissions.filter(({ reason }) => !cosmetic.has(reason));
}
