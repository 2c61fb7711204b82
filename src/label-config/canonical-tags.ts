import { attribute } from "./xml/tree.ts";
import type { Tag } from "./xml/tree.ts";

/** Earlier names of tags that Label Studio still takes, in lower case. */
const newNames: Record<string, string> = {
  // Until Label Studio 1.7.
  audioplus: "Audio",
};

const objectTags = new Set("audio chat hypertext image list paragraphs pdf table text timeseries video".split(" "));
const controlTags = new Set(["choices", "datetime", "number", "ranker", "rating", "taxonomy", "textarea"]);

/** Gives tags with an earlier name their new one. */
export function withNewNames(root: Tag): Tag {
  return mapTags(root, (tag) => ({ tag: newNames[tag.tag.toLowerCase()] ?? tag.tag, attributes: tag.attributes }));
}

/**
 * Adds the `toName` that Label Studio's labeling page infers where a control has none: the only object of the label config, and
 * for a TextArea the first of several.
 */
export function withInferredObjects(root: Tag): Tag {
  const objects: string[] = [];
  let isComplete = true;
  mapTags(root, (tag) => {
    const name = attribute(tag, "name");
    if (name && objectTags.has(typeOf(tag))) objects.push(name);
    if (lacksObject(tag)) isComplete = false;
    return tag;
  });
  const [first] = objects;
  if (isComplete || first === undefined) return root;
  return mapTags(root, (tag) => {
    if (!lacksObject(tag) || (objects.length > 1 && typeOf(tag) !== "textarea")) return tag;
    return { tag: tag.tag, attributes: new Map([...tag.attributes, ["toName", first]]) };
  });
}

function lacksObject(tag: Tag): boolean {
  return controlTags.has(typeOf(tag)) && Boolean(attribute(tag, "name")) && !attribute(tag, "toName");
}

function typeOf({ tag }: Tag): string {
  return newNames[tag.toLowerCase()]?.toLowerCase() ?? tag.toLowerCase();
}

/** Copies a tag and its descendants, each with the name and the attributes that `change` gives it. */
export function mapTags(tag: Tag, change: (tag: Tag) => Pick<Tag, "tag" | "attributes">): Tag {
  const { tag: name, attributes } = change(tag);
  const content = tag.content.map((part) => (typeof part === "string" ? part : mapTags(part, change)));
  return { ...tag, tag: name, attributes, content, children: content.filter((part) => typeof part !== "string") };
}
