import { objectMembers, textFor, displayText, valueFor } from "../task-values.ts";
import { attribute } from "../xml/tree.ts";
import type { Tag } from "../xml/tree.ts";
import type { ListItem, ListPart, ObjectPart, ContentPart } from "./parts.ts";

type Data = Record<string, unknown>;

const builders: Record<string, (tag: Tag, data: Data) => ObjectPart> = {
  text: (tag, data) => content("Text", tag, data),
  hypertext: (tag, data) => content("HyperText", tag, data),
  image: (tag, data) => content("Image", tag, data),
  audio: (tag, data) => content("Audio", tag, data),
  // Its name before Label Studio 1.7.
  audioplus: (tag, data) => content("Audio", tag, data),
  video: (tag, data) => content("Video", tag, data),
  paragraphs,
  table,
  list,
};

/** The part of the form for an object tag; undefined for other tags, and those that pages can't show. */
export function objectPart(tag: Tag, data: Data): ObjectPart | undefined {
  const type = tag.tag.toLowerCase();
  return Object.hasOwn(builders, type) ? builders[type]?.(tag, data) : undefined;
}

/** The items of a List, whose ids are a Ranker's answer. */
export function itemsOf(tag: Tag, data: Data): ListItem[] {
  const items = valueFor(attribute(tag, "value"), data);
  if (!Array.isArray(items)) return [];
  return items.map((item, index) => {
    const { id, title, body, html } = objectMembers(item);
    return {
      id: displayText(id) || String(index),
      title: displayText(title),
      body: displayText(body ?? (typeof item === "string" ? item : "")),
      html: html === undefined ? undefined : displayText(html),
    };
  });
}

function content(type: ContentPart["tag"], tag: Tag, data: Data): ContentPart {
  const name = attribute(tag, "name") ?? "";
  const valueType = attribute(tag, "valueType");
  const list = valueFor(attribute(tag, "valueList"), data);
  const single = valueFor(attribute(tag, "value"), data);
  const value = list ?? (type === "Image" && Array.isArray(single) ? single : [single]);
  const values = (Array.isArray(value) ? value : [value]).filter((each) => each !== undefined && each !== null);
  return { tag: type, name, valueType, values: values.map(displayText) };
}

function paragraphs(tag: Tag, data: Data): ObjectPart {
  const nameKey = attribute(tag, "nameKey") ?? "author";
  const textKey = attribute(tag, "textKey") ?? "text";
  const value = valueFor(attribute(tag, "value"), data);
  const lines = (Array.isArray(value) ? value : [value]).map((line) => {
    const members = objectMembers(line);
    const text = typeof line === "string" ? line : members[textKey];
    return { author: displayText(members[nameKey]), text: displayText(text) };
  });
  return { tag: "Paragraphs", name: attribute(tag, "name") ?? "", paragraphs: lines.filter(({ text }) => text) };
}

function table(tag: Tag, data: Data): ObjectPart {
  const value = valueFor(attribute(tag, "value"), data);
  const name = attribute(tag, "name") ?? "";
  if (!Array.isArray(value)) {
    const rows = Object.entries(objectMembers(value)).map(([key, member]) => [key, displayText(member)]);
    return { tag: "Table", name, columns: ["Name", "Value"], rows };
  }
  const records = value.map(objectMembers);
  const columns = [...new Set(records.flatMap((record) => Object.keys(record)))];
  return {
    tag: "Table",
    name,
    columns,
    rows: records.map((record) => columns.map((column) => displayText(record[column]))),
  };
}

function list(tag: Tag, data: Data): ListPart {
  const title = textFor(attribute(tag, "title"), data);
  return { tag: "List", name: attribute(tag, "name") ?? "", title, items: itemsOf(tag, data) };
}
