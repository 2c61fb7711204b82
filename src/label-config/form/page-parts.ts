import { isControlPart } from "./parts.ts";
import type { Conditions, ControlPart, ObjectPart, PairwisePart, Part, ContentPart } from "./parts.ts";
import { fieldTexts } from "./visibility.ts";
import type { Fields } from "./visibility.ts";

/** A part of a form, with what its template needs. */
interface PagePart {
  part: Part;
  /** Of its element. */
  id: string;
  conditions: Conditions | undefined;
  /** A control's question. */
  legend: string;
  /** The values of its fields. */
  texts: string[];
  error: string | undefined;
  /** An answer can be removed: radio buttons need one more for it. */
  can_be_emptied: boolean;
  /** Of a View. */
  parts: PagePart[];
  /** What a Pairwise compares, where both objects are in the same View. */
  sides: { value: "left" | "right"; object: PagePart }[];
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

export function pageParts(parts: Part[], state: FormState, id = "part"): PagePart[] {
  const pairs = parts.filter(isPairwise).filter((pair) => sidesOf(pair, parts).length === 2);
  const beside = new Set<Part>(pairs.flatMap((pair) => sidesOf(pair, parts)));
  const legends = new Set(parts.filter((part, index) => part.tag === "Header" && isControlPart(parts[index + 1])));
  return parts.flatMap((part, index): PagePart[] => {
    if (beside.has(part) || legends.has(part)) return [];
    const before = parts[index - 1];
    const legend = before?.tag === "Header" ? before.text : undefined;
    const page = pagePart(part, state, `${id}-${index + 1}`, legend);
    return [
      isPairwise(part) && pairs.includes(part) ? { ...page, sides: sidesAsPageParts(part, parts, state, id) } : page,
    ];
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

function pagePart(part: Part, state: FormState, id: string, legend: string | undefined): PagePart {
  const control = isControlPart(part) ? part : undefined;
  const texts = control ? fieldTexts(state.fields, control.name) : [];
  return {
    part,
    id,
    conditions: "conditions" in part ? part.conditions : undefined,
    legend: legend ?? (control ? readableName(control) : ""),
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

function sidesAsPageParts(pair: PairwisePart, parts: Part[], state: FormState, id: string): PagePart["sides"] {
  return sidesOf(pair, parts).map((part, index) => {
    const value = index === 0 ? "left" : "right";
    return { value, object: pagePart(part, state, `${id}-${value}`, undefined) };
  });
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

/** `first_impression` as "First impression", where the label config has no header. */
function readableName({ name }: ControlPart): string {
  const words = name.replaceAll(/[_-]+/g, " ").trim() || name;
  return words.charAt(0).toUpperCase() + words.slice(1);
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
