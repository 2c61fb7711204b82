import { byCodePoints } from "../../common/code-points.ts";
import type { ParsedLabelConfig } from "../../label-config/parsed-label-config.ts";

export interface Category {
  id: number;
  name: string;
  supercategory?: string;
  keypoints?: string[];
  skeleton?: [];
}

/** The classes of what is labeled, and the number of each label. Labels that the setup does not have come at the end. */
export class Categories {
  readonly list: Category[];
  readonly #ids: Map<string, number>;

  constructor(list: Category[], ids: Iterable<[string, number]> = list.map(({ id, name }) => [name, id])) {
    this.list = list;
    this.#ids = new Map(ids);
  }

  /** Adds the label if it is new. */
  idOf(label: string): number {
    const known = this.#ids.get(label);
    if (known !== undefined) return known;
    const id = this.list.length;
    this.list.push({ id, name: label });
    this.#ids.set(label, id);
    return id;
  }
}

/** The labels of all controls: those with an attribute `category` have that number, the others the first free ones. */
export function labelCategories(controls: ParsedLabelConfig): Categories {
  const list: Category[] = [];
  const numbered = new Map<string, number>();
  const labels = new Set<string>();
  for (const control of Object.values(controls))
    for (const label of control.labels) {
      labels.add(label);
      const id = attributeNumber(control.labels_attrs[label], "category");
      if (id === undefined) continue;
      list.push({ id, name: label });
      numbered.set(label, id);
    }
  const used = new Set(numbered.values());
  let free = 0;
  for (const name of [...labels].filter((label) => !numbered.has(label)).sort(byCodePoints)) {
    while (used.has(free)) free++;
    list.push({ id: free++, name });
  }
  return new Categories(list);
}

/** As `labelCategories`; the labels of all keypoints are one category, since COCO's keypoints are parts of one thing. */
export function cocoCategories(controls: ParsedLabelConfig): Categories {
  const all = labelCategories(controls);
  const keypoints = keypointLabels(controls);
  if (keypoints.length === 0) return all;
  const others = all.list.filter(({ name }) => !keypoints.includes(name));
  const id = Math.max(-1, ...others.map((category) => category.id)) + 1;
  const merged: Category = { id, name: "default", supercategory: "default", keypoints, skeleton: [] };
  return new Categories(
    [...others, merged],
    [
      ...others.map((each): [string, number] => [each.name, each.id]),
      ...keypoints.map((name): [string, number] => [name, id]),
    ],
  );
}

/** Where keypoints belong to rectangles, the labels of the rectangles. */
export function yoloCategories(controls: ParsedLabelConfig): Categories {
  if (!hasKeypoints(controls)) return labelCategories(controls);
  const keypoints = keypointLabels(controls);
  return new Categories(
    labelsOfType(controls, "RectangleLabels").map((name, id): Category => ({ id, name, keypoints })),
  );
}

export function hasKeypoints(controls: ParsedLabelConfig): boolean {
  return Object.values(controls).some(({ type }) => type === "KeyPointLabels");
}

/** The labels of keypoints in the order of their attribute `model_index`; those without are left out. */
export function keypointOrder(controls: ParsedLabelConfig): string[] {
  const indexes = new Map<number, string>();
  for (const control of Object.values(controls).filter(({ type }) => type === "KeyPointLabels"))
    for (const label of control.labels) {
      const index = attributeNumber(control.labels_attrs[label], "model_index");
      if (index !== undefined && !indexes.has(index)) indexes.set(index, label);
    }
  return [...indexes].sort(([one], [other]) => one - other).map(([, label]) => label);
}

export function keypointLabels(controls: ParsedLabelConfig): string[] {
  return labelsOfType(controls, "KeyPointLabels");
}

function labelsOfType(controls: ParsedLabelConfig, type: string): string[] {
  const labels = Object.values(controls).flatMap((control) => (control.type === type ? control.labels : []));
  return [...new Set(labels)];
}

function attributeNumber(attributes: Record<string, string> | undefined, name: string): number | undefined {
  const text = attributes && Object.hasOwn(attributes, name) ? attributes[name] : undefined;
  return text !== undefined && /^\s*[+-]?\d{1,9}\s*$/.test(text) ? Number(text) : undefined;
}
