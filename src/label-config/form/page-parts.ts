import type { Conditions, ControlPart, ObjectPart, PairwisePart, Part, ShownPart } from "./parts.ts";
import { textsOf } from "./visibility.ts";
import type { Fields } from "./visibility.ts";

/** A part of a form as a page shows it. */
export interface PagePart {
  part: Part;
  /** Of its element, in the whole page. */
  id: string;
  conditions: Conditions | undefined;
  /** What a control asks. */
  legend: string;
  /** What its fields hold. */
  texts: string[];
  error: string | undefined;
  /** Nothing can be taken back from radio buttons but by one more. */
  can_be_emptied: boolean;
  /** A View's. */
  parts: PagePart[];
  /** What is compared, where both stand beside the control. */
  sides: { value: "left" | "right"; shown: PagePart }[];
  /** HTML that was cleaned. */
  html: string[];
  /** Images and recordings; without an address where a page can't show them. */
  media: { address: string | undefined; text: string }[];
  /** The places that a Ranker's items were given. */
  places: string[];
}

/** What a form's fields hold, and how the page shows it. */
export interface Filled {
  fields: Fields;
  /** By the name of the control. */
  errors: Record<string, string>;
  clean: (html: string) => string;
}

export function pageParts(parts: Part[], filled: Filled, id = "part"): PagePart[] {
  const pairs = parts.filter(isPairwise).filter((pair) => sidesOf(pair, parts).length === 2);
  const beside = new Set<Part>(pairs.flatMap((pair) => sidesOf(pair, parts)));
  const legends = new Set(parts.filter((part, index) => part.tag === "Header" && isControl(parts[index + 1])));
  return parts.flatMap((part, index): PagePart[] => {
    if (beside.has(part) || legends.has(part)) return [];
    const before = parts[index - 1];
    const legend = before?.tag === "Header" ? before.text : undefined;
    const shown = pagePart(part, filled, `${id}-${index + 1}`, legend);
    return [
      isPairwise(part) && pairs.includes(part) ? { ...shown, sides: comparedIn(part, parts, filled, id) } : shown,
    ];
  });
}

/** Where a browser finds an image or a recording: on the web, on this server, or in the text itself. */
export function mediaAddress(text: string, kind: "image" | "audio" | "video"): string | undefined {
  const address = text.trim();
  if (address.toLowerCase().startsWith("data:"))
    return address.toLowerCase().startsWith(`data:${kind}/`) ? address : undefined;
  const url = URL.canParse(address, "http://here/") ? new URL(address, "http://here/") : undefined;
  return address && url && ["http:", "https:"].includes(url.protocol) ? address : undefined;
}

function pagePart(part: Part, filled: Filled, id: string, legend: string | undefined): PagePart {
  const control = isControl(part) ? part : undefined;
  const texts = control ? textsOf(filled.fields, control.name) : [];
  return {
    part,
    id,
    conditions: "conditions" in part ? part.conditions : undefined,
    legend: legend ?? (control ? nameInWords(control) : ""),
    texts,
    error: control && Object.hasOwn(filled.errors, control.name) ? filled.errors[control.name] : undefined,
    can_be_emptied: control?.required === false && texts.length > 0,
    parts: part.tag === "View" ? pageParts(part.parts, filled, id) : [],
    sides: [],
    html: htmlIn(part).map(filled.clean),
    media: isShown(part) ? mediaIn(part) : [],
    places: part.tag === "Ranker" ? placesIn(part.name, part.items, filled.fields) : [],
  };
}

function comparedIn(pair: PairwisePart, parts: Part[], filled: Filled, id: string): PagePart["sides"] {
  return sidesOf(pair, parts).map((part, index) => {
    const value = index === 0 ? "left" : "right";
    return { value, shown: pagePart(part, filled, `${id}-${value}`, undefined) };
  });
}

/** What a Pairwise compares, as far as it stands in the same View. */
function sidesOf({ left, right }: PairwisePart, parts: Part[]): ObjectPart[] {
  return [left, right].flatMap(
    (name) => parts.find((part): part is ObjectPart => isObject(part) && part.name === name) ?? [],
  );
}

function placesIn(name: string, items: { id: string }[], fields: Fields): string[] {
  return items.map((item) => textsOf(fields, `${name}.${item.id}`)[0] ?? "");
}

function htmlIn(part: Part): string[] {
  if (part.tag === "HyperText" && part.valueType !== "url") return part.values;
  if (part.tag === "List" || part.tag === "Ranker") return part.items.map(({ html }) => html ?? "");
  return [];
}

function mediaIn({ tag, values, valueType }: ShownPart): PagePart["media"] {
  if (tag === "Image" || tag === "Audio" || tag === "Video") {
    const kind = tag.toLowerCase() as "image" | "audio" | "video";
    return values.map((text) => ({ address: mediaAddress(text, kind), text }));
  }
  // Texts behind addresses are links: the server fetches nothing.
  if (valueType !== "url") return [];
  return values.map((text) => ({ address: text.startsWith("data:") ? undefined : mediaAddress(text, "image"), text }));
}

/** `first_impression` as a question, where the setup has no words for it. */
function nameInWords({ name }: ControlPart): string {
  const words = name.replaceAll(/[_-]+/g, " ").trim() || name;
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function isControl(part: Part | undefined): part is ControlPart {
  return part !== undefined && "to_name" in part;
}

function isPairwise(part: Part): part is PairwisePart {
  return part.tag === "Pairwise";
}

function isShown(part: Part): part is ShownPart {
  return "values" in part;
}

function isObject(part: Part): part is ObjectPart {
  return !isControl(part) && "name" in part;
}

/** Whether a part of the form, or one within it, waits for an answer. */
export function hasConditions(parts: PagePart[]): boolean {
  return parts.some(({ conditions, parts }) => conditions !== undefined || hasConditions(parts));
}
