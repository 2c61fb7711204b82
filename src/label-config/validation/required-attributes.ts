import type { Tag } from "../xml/tree.ts";

/** An attribute or tag that has to be there. */
export interface Missing {
  tag: Tag;
  property: string;
  /** Where upstream says that it is missing. */
  prefix: string;
  path: (string | number)[];
}

type Needs = (string | string[])[];

const nameAndToName: Needs = ["name", "toName"];
const nameAndValue: Needs = ["name", ["value", "valueList"]];

/** What upstream asks of the tags it looks at; of a list, one is enough. Capitals are tags, the rest attributes. */
const needs = new Map<string, Needs>([
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
 * The first thing that is missing in a setup, in upstream's order. Only what is in a `View`, or in the `Choices` and
 * `Labels` of one, is looked at.
 */
export function firstMissing(root: Tag): Missing | undefined {
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

function byDepth(one: Missing, other: Missing): number {
  if (one.path.length !== other.path.length) return other.path.length - one.path.length;
  const at = one.path.findIndex((step, index) => step !== other.path[index]);
  const [step, otherStep] = [one.path[at] ?? 0, other.path[at] ?? 0];
  return step < otherStep ? -1 : Number(step > otherStep);
}

function missingIn(parent: Tag, path: (string | number)[]): Missing[] {
  const alike = new Map<string, Tag[]>();
  for (const child of parent.children) {
    const tags = alike.get(child.tag);
    if (tags) tags.push(child);
    else alike.set(child.tag, [child]);
  }
  return [...alike].flatMap(([name, tags]) =>
    tags.flatMap((tag, index) => {
      const here = [...path, name, ...(tags.length > 1 ? [index] : [])];
      const within = ["View", "Choices", "Labels"].includes(name) ? missingIn(tag, here) : [];
      const property = lookedAt(parent.tag, name) ? propertyMissing(tag) : undefined;
      if (!property) return within;
      const prefix = prefixOf(parent.tag, name, path, index, tags.length);
      return [...within, { tag, property, prefix, path: here }];
    }),
  );
}

/** In `Choices` and `Labels`, only their own choices and labels and what is in Views. */
function lookedAt(parent: string, tag: string): boolean {
  if (parent === "Choices") return tag === "Choice";
  return parent === "Labels" ? tag === "Label" : true;
}

function propertyMissing(tag: Tag): string | undefined {
  for (const need of needs.get(tag.tag) ?? []) {
    const oneOf = [need].flat();
    const there = (name: string) =>
      /^[A-Z]/.test(name) ? tag.children.some((child) => child.tag === name) : tag.attributes.has(name);
    if (!oneOf.some(there)) return oneOf[0];
  }
  return undefined;
}

function prefixOf(parent: string, tag: string, path: (string | number)[], index: number, count: number): string {
  if (tag === "TextArea") return "";
  if (parent !== "Choices") return count > 1 ? String(index) : "";
  const around = path.at(-1);
  return [...(typeof around === "number" ? [around] : []), "Choice", index].join("/");
}
