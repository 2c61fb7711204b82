import type { Tag } from "../xml/tree.ts";

/** A required attribute or child tag that a tag does not have. */
interface MissingProperty {
  tag: Tag;
  property: string;
  /** Where Label Studio's message locates the tag. */
  prefix: string;
  path: (string | number)[];
}

type Requirements = (string | string[])[];

const nameAndToName: Requirements = ["name", "toName"];
const nameAndValue: Requirements = ["name", ["value", "valueList"]];

/** What Label Studio requires of tags; one of a list is enough. Capitalized names are child tags, others attributes. */
const requirements = new Map<string, Requirements>([
  ["Image", nameAndValue],
  ["Text", nameAndValue],
  ["HyperText", nameAndValue],
  ["TextArea", nameAndToName],
  ["Number", nameAndToName],
  ["Choices", [...nameAndToName, ["Choice", "value", "View"]]],
  ["Labels", [...nameAndToName, ["Label", "value", "View"]]],
  ["Choice", ["value"]],
  ["Label", ["value"]],
]);

/**
 * Returns the missing property that Label Studio reports first; undefined when there is none. Only tags in a `View`, or in its
 * `Choices` and `Labels`, are checked.
 */
export function findMissingProperty(root: Tag): MissingProperty | undefined {
  if (root.tag !== "View") return undefined;
  const missing = missingIn(root, []).filter(
    ({ path }) => path.length > 1 || !["Choice", "Label"].includes(nameOf(path)),
  );
  const last = missing
    .map(({ path }) => nameOf(path))
    .sort()
    .at(-1);
  return missing.filter(({ path }) => nameOf(path) === last).sort(byDepth)[0];
}

function nameOf(path: (string | number)[]): string {
  return String(path[0]);
}

function byDepth(one: MissingProperty, other: MissingProperty): number {
  if (one.path.length !== other.path.length) return other.path.length - one.path.length;
  const at = one.path.findIndex((step, index) => step !== other.path[index]);
  const [step, otherStep] = [one.path[at] ?? 0, other.path[at] ?? 0];
  return step < otherStep ? -1 : Number(step > otherStep);
}

function missingIn(parent: Tag, path: (string | number)[]): MissingProperty[] {
  const byName = new Map<string, Tag[]>();
  for (const child of parent.children) {
    const tags = byName.get(child.tag);
    if (tags) tags.push(child);
    else byName.set(child.tag, [child]);
  }
  return [...byName].flatMap(([name, tags]) =>
    tags.flatMap((tag, index) => {
      const tagPath = [...path, name, ...(tags.length > 1 ? [index] : [])];
      const nested = ["View", "Choices", "Labels"].includes(name) ? missingIn(tag, tagPath) : [];
      const property = isChecked(parent.tag, name) ? missingProperty(tag) : undefined;
      if (!property) return nested;
      const prefix = prefixOf(parent.tag, name, path, index, tags.length);
      return [...nested, { tag, property, prefix, path: tagPath }];
    }),
  );
}

/** Of the children of `Choices` and `Labels`, only choices and labels are checked. */
function isChecked(parent: string, tag: string): boolean {
  if (parent === "Choices") return tag === "Choice";
  return parent === "Labels" ? tag === "Label" : true;
}

function missingProperty(tag: Tag): string | undefined {
  for (const requirement of requirements.get(tag.tag) ?? []) {
    const alternatives = [requirement].flat();
    const exists = (name: string) =>
      /^[A-Z]/.test(name) ? tag.children.some((child) => child.tag === name) : tag.attributes.has(name);
    if (!alternatives.some(exists)) return alternatives[0];
  }
  return undefined;
}

function prefixOf(parent: string, tag: string, path: (string | number)[], index: number, count: number): string {
  if (tag === "TextArea") return "";
  if (parent !== "Choices") return count > 1 ? String(index) : "";
  const parentIndex = path.at(-1);
  return [...(typeof parentIndex === "number" ? [parentIndex] : []), "Choice", index].join("/");
}
