import { isControlPart } from "./parts.ts";
import type { Conditions, ContentPart, LabelForm, ObjectPart, PairwisePart, Part } from "./parts.ts";
import { questionOf } from "./questions.ts";
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
  /** Images and recordings; `address` is undefined where a page can't load it. */
  media: { address: string | undefined; text: string }[];
  /** The ranks of a Ranker's items. */
  ranks: string[];
}

/** What users have entered, and their errors. */
interface FormState {
  fields: Fields;
  /** Messages by the name of the control. */
  errors: Record<string, string>;
  /** Sanitizes HTML. */
  clean: (html: string) => string;
}

interface PageState extends FormState {
  isMet: (condition: Conditions) => boolean;
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
  const parts = pageParts(form.parts, { ...state, isMet: conditionTest(form, state.fields) }, id);
  return { data: partsOf("data", parts), questions: partsOf("questions", parts) };
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
  return part.tag === "Header";
}

/** Whether a part has nothing but questions in it. */
function isQuestion({ part, parts }: PagePart): boolean {
  if (part.tag === "View") return parts.length > 0 && parts.every((each) => isHeader(each) || isQuestion(each));
  return isControlPart(part);
}

function pageParts(parts: Part[], state: PageState, id: string): PagePart[] {
  const pairs = parts.filter(isPairwise).map((pair) => [pair, sidesOf(pair, parts)] as const);
  const sides = new Map<Part, ObjectPart[]>(pairs.filter(([, objects]) => objects.length === 2));
  const compared = new Set<Part>([...sides.values()].flat());
  const legends = new Set(parts.filter((part, index) => part.tag === "Header" && isControlPart(parts[index + 1])));
  return parts.flatMap((part, index): PagePart[] => {
    if (compared.has(part) || legends.has(part)) return [];
    const legend = isControlPart(part) ? questionOf(part, parts[index - 1]) : "";
    const page = pagePart(part, state, `${id}-${index + 1}`, legend);
    const objects = sides.get(part) ?? [];
    return [{ ...page, sides: objects.map((side, at) => pagePart(side, state, `${page.id}-${at + 1}`, "")) }];
  });
}

/** The URL of an image or a recording: http(s), a path on this server, or a data URL of the right type. */
function mediaUrl(text: string, kind: "image" | "audio" | "video"): string | undefined {
  const address = text.trim();
  if (address.toLowerCase().startsWith("data:"))
    return address.toLowerCase().startsWith(`data:${kind}/`) ? address : undefined;
  const url = URL.canParse(address, "http://here/") ? new URL(address, "http://here/") : undefined;
  return address && url && ["http:", "https:"].includes(url.protocol) ? address : undefined;
}

function pagePart(part: Part, state: PageState, id: string, legend: string): PagePart {
  const control = isControlPart(part) ? part : undefined;
  const texts = control ? fieldTexts(state.fields, control.name) : [];
  const conditions = "conditions" in part ? part.conditions : undefined;
  return {
    part,
    id,
    conditions,
    is_hidden: conditions !== undefined && !state.isMet(conditions),
    legend,
    texts,
    error: control && Object.hasOwn(state.errors, control.name) ? state.errors[control.name] : undefined,
    can_be_emptied: control?.required === false && texts.length > 0,
    parts: part.tag === "View" ? pageParts(part.parts, state, id) : [],
    sides: [],
    html: htmlIn(part).map(state.clean),
    media: isContentPart(part) ? mediaIn(part) : [],
    ranks: part.tag === "Ranker" ? ranksOf(part.name, part.items, state.fields) : [],
  };
}

/** The objects that a Pairwise compares, if they are in the same View. */
function sidesOf({ left, right }: PairwisePart, parts: Part[]): ObjectPart[] {
  return [left, right].flatMap(
    (name) => parts.find((part): part is ObjectPart => isObjectPart(part) && part.name === name) ?? [],
  );
}

function ranksOf(name: string, items: { id: string }[], fields: Fields): string[] {
  return items.map((item) => fieldTexts(fields, `${name}.${item.id}`)[0] ?? "");
}

function htmlIn(part: Part): string[] {
  if (part.tag === "HyperText" && part.valueType !== "url") return part.values;
  if (part.tag === "List" || part.tag === "Ranker") return part.items.map(({ html }) => html ?? "");
  return [];
}

function mediaIn({ tag, values, valueType }: ContentPart): PagePart["media"] {
  if (tag === "Image" || tag === "Audio" || tag === "Video") {
    const kind = tag.toLowerCase() as "image" | "audio" | "video";
    return values.map((text) => ({ address: mediaUrl(text, kind), text }));
  }
  // A text with a URL is shown as a link: the server fetches nothing.
  if (valueType !== "url") return [];
  return values.map((text) => ({ address: text.startsWith("data:") ? undefined : mediaUrl(text, "image"), text }));
}

function isPairwise(part: Part): part is PairwisePart {
  return part.tag === "Pairwise";
}

function isContentPart(part: Part): part is ContentPart {
  return "values" in part;
}

function isObjectPart(part: Part): part is ObjectPart {
  return !isControlPart(part) && "name" in part;
}

/** Whether a part of the form, or a descendant, is only shown for certain answers. */
export function hasConditions(parts: PagePart[]): boolean {
  return parts.some(({ conditions, parts }) => conditions !== undefined || hasConditions(parts));
}
