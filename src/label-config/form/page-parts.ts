import { isControlPart } from "./parts.ts";
import { nextRole, writtenMessages } from "./chat-parts.ts";
import type { WrittenMessage } from "./chat-parts.ts";
import { mediaIn } from "./page-media.ts";
import type { Medium } from "./page-media.ts";
import type {
  ChatMessagePart,
  Conditions,
  LabelForm,
  ObjectPart,
  Option,
  PairwisePart,
  Part,
  RankerPart,
  ViewPart,
} from "./parts.ts";
import { questionOf } from "./questions.ts";
import { isAsked } from "./region-parts.ts";
import type { DrawnRegion, PictureView } from "../regions/picture-view.ts";
import type { SeriesView } from "../regions/series-view.ts";
import type { SpanView } from "../regions/span-view.ts";
import { bucketField, rankField } from "./ranker-fields.ts";
import { conditionTest, fieldTexts } from "./visibility.ts";
import type { Fields } from "./visibility.ts";

/** A part of a form, with what its template needs. */
interface PagePart {
  part: Part;
  /** Of its element. */
  id: string;
  conditions: Conditions | undefined;
  /** Its conditions are not met by the answers so far: where scripts run, it is hidden from the start. */
  is_hidden: boolean;
  /** A control's question. */
  legend: string;
  /** The values of its fields. */
  texts: string[];
  error: string | undefined;
  /** An answer can be removed: radio buttons need one more for it. */
  can_be_emptied: boolean;
  /** Of a View. */
  parts: PagePart[];
  /** What a Pairwise compares, where both objects are in the same View: first the left one. */
  sides: PagePart[];
  /** Sanitized HTML. */
  html: string[];
  media: Medium[];
  /** Of an object that is compared somewhere else: which of the two it is. */
  side: "left" | "right" | undefined;
  /** Of a Panel: it is open from the start, since the label config says so or something in it needs a change. */
  is_open: boolean;
  /** The ranks of a Ranker's items. */
  ranks: string[];
  /** The messages that people added to a Chat, and one more, which is empty. */
  messages: WrittenMessage[];
  /** The buckets of a Ranker's items; empty for those that are in none yet. */
  buckets: string[];
  /** Of an object whose spans are marked: its texts with their regions and buttons. */
  spans: SpanView | undefined;
  /** Of an Image on which shapes are drawn: its pictures with their regions and buttons. */
  pictures: PictureView | undefined;
  /** Of an Image whose regions are only shown: those of each picture. */
  drawings: DrawnRegion[][] | undefined;
  /** Of a TimeSeries whose segments are marked: its lines as buttons. */
  series: SeriesView | undefined;
}

/** What users have entered, and their errors. */
interface FormState {
  fields: Fields;
  /** Messages by the name of the control. */
  errors: Record<string, string>;
  /** Sanitizes HTML. */
  clean: (html: string) => string;
  /** By the names of objects whose spans are marked. */
  spans?: ReadonlyMap<string, SpanView>;
  /** By the names of the Images on which shapes are drawn. */
  pictures?: ReadonlyMap<string, PictureView>;
  /** By the names of objects whose regions are only shown. */
  drawings?: ReadonlyMap<string, DrawnRegion[][]> | undefined;
  /** By the names of TimeSeries whose segments are marked. */
  series?: ReadonlyMap<string, SeriesView>;
}

interface PageState extends FormState {
  isMet: (condition: Conditions) => boolean;
  sides: ReadonlyMap<string, "left" | "right">;
  /** Of the Repeater that the parts are in. */
  entry?: ViewPart["entry"];
}

/** The parts of a form as a page shows them: what is labeled, and beside it what is asked. */
export interface PageForm {
  data: PagePart[];
  questions: PagePart[];
}

/**
 * Splits a form, in which objects and controls are mixed, into the data and the questions, each in their order. `id` starts the
 * ids of elements.
 */
export function pageForm(form: LabelForm, state: FormState, id = "part"): PageForm {
  const isMet = conditionTest(form, state.fields);
  const parts = pageParts(form.parts, { ...state, isMet, sides: comparedSides(form) }, id);
  return { data: partsOf("data", parts), questions: partsOf("questions", parts) };
}

/** The objects that some Pairwise compares, by their names. */
function comparedSides({ controls }: LabelForm): Map<string, "left" | "right"> {
  const pairs = controls.map(({ control }) => control).filter(isPairwise);
  return new Map(pairs.flatMap(({ left, right }) => [[left, "left"] as const, [right, "right"] as const]));
}

/** The addresses of the documents that a page embeds. */
export function embeddedAddresses(parts: PagePart[]): string[] {
  return parts.flatMap(({ part, media, parts: inner, sides }) => [
    ...(part.tag === "Pdf" ? media.flatMap(({ address }) => address ?? []) : []),
    ...embeddedAddresses([...inner, ...sides]),
  ]);
}

/** A View with parts of both kinds is on both sides; so is a Pairwise, with what it compares among the data. */
function partsOf(kind: keyof PageForm, parts: PagePart[]): PagePart[] {
  const subjects = subjectsOf(parts);
  return parts.flatMap((part, index): PagePart[] => {
    if (part.part.tag === "View") {
      const inner = partsOf(kind, part.parts);
      return inner.length ? [{ ...part, parts: inner }] : [];
    }
    if (kind === "data" && part.sides.length) return [part];
    return isQuestion(subjects[index] ?? part) === (kind === "questions") ? [part] : [];
  });
}

/** What each part is about: a header is about what follows it, the last one about what is before it. */
function subjectsOf(parts: PagePart[]): PagePart[] {
  let next = parts.findLast((each) => !isHeader(each));
  const subjects = parts.toReversed().map((part) => {
    if (!isHeader(part)) next = part;
    return next ?? part;
  });
  return subjects.toReversed();
}

function isHeader({ part }: PagePart): boolean {
  return part.tag === "Header" || part.tag === "Markdown";
}

/** Whether a part has nothing but questions in it. */
function isQuestion({ part, parts }: PagePart): boolean {
  if (part.tag === "View") return parts.length > 0 && parts.every((each) => isHeader(each) || isQuestion(each));
  return isControlPart(part) || part.tag === "Labels";
}

function pageParts(parts: Part[], state: PageState, id: string): PagePart[] {
  const pairs = parts.filter(isPairwise).map((pair) => [pair, sidesOf(pair, parts)] as const);
  const sides = new Map<Part, ObjectPart[]>(pairs.filter(([, objects]) => objects.length === 2));
  const compared = new Set<Part>([...sides.values()].flat());
  const legends = new Set(parts.filter((part, index) => part.tag === "Header" && isAsked(parts[index + 1])));
  return parts.flatMap((part, index): PagePart[] => {
    if (compared.has(part) || legends.has(part) || isAboutRegions(part)) return [];
    const legend = legendOf(part, parts[index - 1], state.entry);
    const page = pagePart(part, state, `${id}-${index + 1}`, legend);
    const objects = sides.get(part) ?? [];
    return [{ ...page, sides: objects.map((side, at) => pagePart(side, state, `${page.id}-${at + 1}`, "")) }];
  });
}

/** Asked in the list of regions. */
function isAboutRegions({ tag }: Part): boolean {
  return tag === "RegionQuestion" || tag === "Relations";
}

function legendOf(part: Part, before: Part | undefined, entry: ViewPart["entry"]): string {
  if (isControlPart(part)) return questionOf(part, before, entry);
  return part.tag === "Labels" && before?.tag === "Header" ? before.text.trim() : "";
}

function pagePart(part: Part, state: PageState, id: string, legend: string): PagePart {
  const control = isControlPart(part) ? part : undefined;
  const texts = control ? fieldTexts(state.fields, control.name) : [];
  const conditions = "conditions" in part ? part.conditions : undefined;
  const parts = part.tag === "View" ? pageParts(part.parts, { ...state, entry: part.entry ?? state.entry }, id) : [];
  return {
    part: withCleanOptions(part, state.clean),
    id,
    conditions,
    is_hidden: conditions !== undefined && !state.isMet(conditions),
    legend,
    texts,
    error: control && Object.hasOwn(state.errors, control.name) ? state.errors[control.name] : undefined,
    can_be_emptied: control?.required === false && texts.length > 0,
    parts,
    sides: [],
    html: htmlIn(part).map(state.clean),
    media: mediaIn(part),
    side: isObjectPart(part) ? state.sides.get(part.name) : undefined,
    is_open: part.tag === "View" && (part.panel?.is_open === true || hasErrors(parts)),
    messages: control?.tag === "ChatMessage" ? messageRows(control, state.fields) : [],
    ranks: part.tag === "Ranker" ? fieldsOfItems(part, state.fields, rankField) : [],
    spans: isObjectPart(part) ? state.spans?.get(part.name) : undefined,
    pictures: isObjectPart(part) ? state.pictures?.get(part.name) : undefined,
    drawings: isObjectPart(part) ? state.drawings?.get(part.name) : undefined,
    series: isObjectPart(part) ? state.series?.get(part.name) : undefined,
    buckets: part.tag === "Ranker" ? fieldsOfItems(part, state.fields, bucketField) : [],
  };
}

function hasErrors(parts: PagePart[]): boolean {
  return parts.some(({ error, parts: inner }) => error !== undefined || hasErrors(inner));
}

/** Options may have HTML. */
function withCleanOptions(part: Part, clean: (html: string) => string): Part {
  if (part.tag !== "Choices" && part.tag !== "Taxonomy") return part;
  const cleaned = (options: Option[]): Option[] =>
    options.map((option) => ({
      ...option,
      html: option.html === undefined ? undefined : clean(option.html),
      options: cleaned(option.options),
    }));
  return { ...part, options: cleaned(part.options) } as Part;
}

/** The objects that a Pairwise compares, if they are in the same View. */
function sidesOf({ left, right }: PairwisePart, parts: Part[]): ObjectPart[] {
  return [left, right].flatMap(
    (name) => parts.find((part): part is ObjectPart => isObjectPart(part) && part.name === name) ?? [],
  );
}

function messageRows(part: ChatMessagePart, fields: Fields): WrittenMessage[] {
  const written = writtenMessages(part, fields);
  const isFull = part.message_count + written.length >= (part.maxMessages ?? Infinity);
  return isFull ? written : [...written, { role: nextRole(part, written), text: "", key: "" }];
}

function fieldsOfItems(part: RankerPart, fields: Fields, fieldOf: typeof rankField): string[] {
  return part.items.map(({ id }) => fieldTexts(fields, fieldOf(part, id))[0] ?? "");
}

function htmlIn(part: Part): string[] {
  if (part.tag === "HyperText" && part.valueType !== "url") return part.values;
  if (part.tag === "Markdown") return [part.html];
  if (part.tag === "List" || part.tag === "Ranker") return part.items.map(({ html }) => html ?? "");
  return [];
}

function isPairwise(part: Part): part is PairwisePart {
  return part.tag === "Pairwise";
}

function isObjectPart(part: Part): part is ObjectPart {
  return !isControlPart(part) && "name" in part;
}

/** Whether a part of the form, or a descendant, is only shown for certain answers. */
export function hasConditions(parts: PagePart[]): boolean {
  return parts.some(({ conditions, parts }) => conditions !== undefined || hasConditions(parts));
}
