import { objectMembers, textFor, displayText, valueFor } from "../task-values.ts";
import { attribute } from "../xml/tree.ts";
import type { Tag } from "../xml/tree.ts";
import { tablePart } from "./table-part.ts";
import { timeSeriesPart } from "./time-series-part.ts";
import type { ListItem, ListPart, ObjectPart, ContentPart, ParagraphsPart } from "./parts.ts";
import type { SeriesFiles } from "./series-files.ts";

type Data = Record<string, unknown>;

const builders: Record<string, (tag: Tag, data: Data, files: SeriesFiles) => ObjectPart> = {
  text: (tag, data) => content("Text", tag, data),
  hypertext: (tag, data) => content("HyperText", tag, data),
  image: (tag, data) => content("Image", tag, data),
  audio: (tag, data) => content("Audio", tag, data),
  video: (tag, data) => content("Video", tag, data),
  pdf: (tag, data) => content("Pdf", tag, data),
  paragraphs,
  dialog,
  table: tablePart,
  timeseries: timeSeriesPart,
  list,
};

/** The part of the form for an object tag; undefined for other tags, and those that pages can't show. */
export function objectPart(tag: Tag, data: Data, files: SeriesFiles): ObjectPart | undefined {
  const type = tag.tag.toLowerCase();
  return Object.hasOwn(builders, type) ? builders[type]?.(tag, data, files) : undefined;
}

/** The items of a List, whose ids are a Ranker's answer; of several with the same id the first. */
export function itemsOf(tag: Tag, data: Data): ListItem[] {
  const list = valueFor(attribute(tag, "value"), data);
  const items = new Map<string, ListItem>();
  for (const [index, item] of (Array.isArray(list) ? list : []).entries()) {
    const { id: written, title, body, html } = objectMembers(item);
    const id = displayText(written) || String(index);
    if (items.has(id)) continue;
    items.set(id, {
      id,
      title: displayText(title),
      body: displayText(body ?? (typeof item === "object" ? "" : item)),
      html: html === undefined ? undefined : displayText(html),
    });
  }
  return [...items.values()];
}

function content(type: ContentPart["tag"], tag: Tag, data: Data): ContentPart {
  const name = attribute(tag, "name") ?? "";
  const valueType = attribute(tag, "valueType");
  const list = valueFor(attribute(tag, "valueList"), data);
  const single = valueFor(attribute(tag, "value") ?? writtenInside(type, tag), data);
  const value = list ?? (type === "Image" && Array.isArray(single) ? single : [single]);
  const values = (Array.isArray(value) ? value : [value]).filter((each) => each !== undefined && each !== null);
  return { tag: type, name, valueType, values: values.map(displayText) };
}

/** What stands between the tag's start and end: HTML as it is written, but for a CDATA section. */
function writtenInside(type: ContentPart["tag"], tag: Tag): string | undefined {
  const isMarkup = type === "HyperText" && !tag.markup.trimStart().startsWith("<![CDATA[");
  return (isMarkup ? tag.markup : tag.text).trim() || undefined;
}

function paragraphs(tag: Tag, data: Data): ParagraphsPart {
  const value = valueFor(attribute(tag, "value"), data);
  const isAddress = attribute(tag, "valueType") === "url" && typeof value === "string";
  return {
    tag: "Paragraphs",
    name: attribute(tag, "name") ?? "",
    paragraphs: isAddress
      ? []
      : linesOf(value, attribute(tag, "nameKey") ?? "author", attribute(tag, "textKey") ?? "text"),
    address: isAddress ? value : undefined,
    audio: textFor(attribute(tag, "audioUrl"), data) || undefined,
  };
}

/** A talk as it was written before Paragraphs. */
function dialog(tag: Tag, data: Data): ParagraphsPart {
  const value = valueFor(attribute(tag, "value"), data);
  const name = attribute(tag, "name") ?? "";
  return { tag: "Paragraphs", name, paragraphs: linesOf(value, "name", "text"), address: undefined, audio: undefined };
}

function linesOf(value: unknown, nameKey: string, textKey: string): ParagraphsPart["paragraphs"] {
  const lines = (Array.isArray(value) ? value : [value]).map((line, index) => {
    const members = objectMembers(line);
    const text = typeof line === "string" ? line : members[textKey];
    return { author: displayText(members[nameKey]), text: displayText(text), index };
  });
  return lines.filter(({ text }) => text);
}

function list(tag: Tag, data: Data): ListPart {
  const title = textFor(attribute(tag, "title"), data);
  return { tag: "List", name: attribute(tag, "name") ?? "", title, items: itemsOf(tag, data) };
}
