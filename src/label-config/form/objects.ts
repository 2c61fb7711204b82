import type { ListItem, ListPart, ObjectPart, ShownPart } from "./parts.ts";
import { objectMembers, textFor, displayText, valueFor } from "../task-values.ts";
import { attribute } from "../xml/tree.ts";
import type { Tag } from "../xml/tree.ts";

type Data = Record<string, unknown>;

const makers: Record<string, (tag: Tag, data: Data) => ObjectPart> = {
  text: (tag, data) => shown("Text", tag, data),
  hypertext: (tag, data) => shown("HyperText", tag, data),
  image: (tag, data) => shown("Image", tag, data),
  audio: (tag, data) => shown("Audio", tag, data),
  video: (tag, data) => shown("Video", tag, data),
  paragraphs,
  table,
  list,
};

/** What an object tag shows of a task; undefined for tags that are none, or that pages can't show. */
export function objectPart(tag: Tag, data: Data): ObjectPart | undefined {
  const type = tag.tag.toLowerCase();
  return Object.hasOwn(makers, type) ? makers[type]?.(tag, data) : undefined;
}

/** The items of a List, by which a Ranker's answer names them. */
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

function shown(type: ShownPart["tag"], tag: Tag, data: Data): ShownPart {
  const name = attribute(tag, "name") ?? "";
  const valueType = attribute(tag, "valueType");
  const several = valueFor(attribute(tag, "valueList"), data);
  const one = valueFor(attribute(tag, "value"), data);
  const found = several ?? (type === "Image" && Array.isArray(one) ? one : [one]);
  const values = (Array.isArray(found) ? found : [found]).filter((value) => value !== undefined && value !== null);
  return { tag: type, name, valueType, values: values.map(displayText) };
}

function paragraphs(tag: Tag, data: Data): ObjectPart {
  const nameKey = attribute(tag, "nameKey") ?? "author";
  const textKey = attribute(tag, "textKey") ?? "text";
  const found = valueFor(attribute(tag, "value"), data);
  const lines = (Array.isArray(found) ? found : [found]).map((line) => {
    const members = objectMembers(line);
    const text = typeof line === "string" ? line : members[textKey];
    return { author: displayText(members[nameKey]), text: displayText(text) };
  });
  return { tag: "Paragraphs", name: attribute(tag, "name") ?? "", paragraphs: lines.filter(({ text }) => text) };
}

function table(tag: Tag, data: Data): ObjectPart {
  const found = valueFor(attribute(tag, "value"), data);
  const name = attribute(tag, "name") ?? "";
  if (!Array.isArray(found)) {
    const rows = Object.entries(objectMembers(found)).map(([key, value]) => [key, displayText(value)]);
    return { tag: "Table", name, columns: ["Name", "Value"], rows };
  }
  const records = found.map(objectMembers);
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
