import { withAncestors } from "./xml/tree.ts";
import type { Tag } from "./xml/tree.ts";

/** An object tag that a control tag asks about: `valueType` and `value` or `valueList` as written, without `$`. */
export interface Input {
  type: string;
  valueType: string | null;
  value?: string;
  valueList?: string;
}

/** A control tag as `parsed_label_config` shows it. */
export interface Control {
  type: string;
  to_name: string[];
  /** Of names that a Repeater numbers: its variable, and the pattern that stands for it. */
  regex?: Record<string, string>;
  /** What has to be selected before it is asked, for controls of a region. */
  conditionals?: { type: "tag" | "label" | "choice"; name: string };
  /** The labels come with the task. */
  dynamic_labels?: true;
  inputs: Input[];
  /** What can be answered, by alias where there is one. */
  labels: string[];
  labels_attrs: Record<string, Record<string, string>>;
}

/** By the name of the control tag. */
export type ParsedLabelConfig = Record<string, Control>;

/** `control_weights` of a project: how much each control, and each answer to it, counts. */
export type ControlWeights = Record<string, { overall: number; type: string; labels: Record<string, number> }>;

const notControls = new Set(["Filter"]);
const labelTags = new Set(["Label", "Choice", "Relation"]);

/** Whether a tag asks something: it has a name and the name of what it asks about. */
export function isControl(tag: Tag): boolean {
  return Boolean(tag.attributes.get("name") && tag.attributes.get("toName")) && !notControls.has(tag.tag);
}

/** Whether a tag shows something: it has a name and says what to show. */
export function isObject(tag: Tag): boolean {
  const { attributes } = tag;
  return !isControl(tag) && Boolean(attributes.get("name") && (attributes.get("value") || attributes.get("valueList")));
}

/** `parsed_label_config` of a project. */
export function parsedLabelConfig(root: Tag): ParsedLabelConfig {
  const controls = new Map<string, Control>();
  const inputs = new Map<string, Input>();
  const variables: string[] = [];
  for (const { tag, ancestors } of withAncestors(root)) {
    const name = tag.attributes.get("name") ?? "";
    const variable = tag.attributes.get("indexFlag");
    if (variable !== undefined) variables.push(variable);
    if (isControl(tag)) controls.set(name, controlOf(tag, variables));
    else if (isObject(tag)) inputs.set(name, inputOf(tag));
    if (labelTags.has(tag.tag)) addLabel(tag, ancestors, controls);
  }
  for (const control of controls.values()) control.inputs = control.to_name.flatMap((name) => inputs.get(name) ?? []);
  return Object.fromEntries(controls);
}

/** `control_weights` of a project; those that were set before are kept. */
export function controlWeights(parsed: ParsedLabelConfig, earlier: ControlWeights = {}): ControlWeights {
  const weights = Object.entries(parsed).map(([name, { type, labels }]) => {
    const before = Object.hasOwn(earlier, name) ? earlier[name] : undefined;
    const weightOf = (label: string) => {
      const weight = before && Object.hasOwn(before.labels, label) ? before.labels[label] : undefined;
      return [label, weight ?? 1];
    };
    return [name, { overall: before?.overall ?? 1, type, labels: Object.fromEntries(labels.map(weightOf)) }];
  });
  return Object.fromEntries(weights) as ControlWeights;
}

/** Whether answers to the old setup may not fit the new one, as upstream's check answers it. */
export function essentialDataChanged(new_config: ParsedLabelConfig, old_config: ParsedLabelConfig): true | null {
  const changed = Object.entries(new_config).some(([name, control]) => {
    const old = Object.hasOwn(old_config, name) ? old_config[name] : undefined;
    if (!old || old.type !== control.type) return true;
    if (JSON.stringify(old.inputs) !== JSON.stringify(control.inputs)) return true;
    const labels = new Set(control.labels);
    return !old.labels.every((label) => labels.has(label));
  });
  return changed || null;
}

function controlOf(tag: Tag, variables: string[]): Control {
  const to_name = tag.attributes.get("toName")?.split(",") ?? [];
  const numbered = variables.filter((variable) => to_name.some((name) => name.includes(variable)));
  const conditionals = conditionalsOf(tag);
  const dynamic = /^\$[A-Za-z_]+$/.test(tag.attributes.get("value") ?? "") || tag.attributes.get("apiUrl");
  return {
    type: tag.tag,
    to_name,
    ...(numbered.length && { regex: Object.fromEntries(numbered.map((variable) => [variable, ".*"])) }),
    ...(conditionals && { conditionals }),
    ...(dynamic && { dynamic_labels: true as const }),
    inputs: [],
    labels: [],
    labels_attrs: {},
  };
}

function conditionalsOf({ attributes }: Tag): Control["conditionals"] {
  if (attributes.get("perRegion") !== "true") return undefined;
  const conditions = [
    { type: "tag" as const, name: attributes.get("whenTagName") },
    { type: "label" as const, name: attributes.get("whenLabelValue") },
    { type: "choice" as const, name: attributes.get("whenChoiceValue") },
  ];
  for (const { type, name } of conditions) if (name) return { type, name };
  return undefined;
}

function inputOf({ tag, attributes }: Tag): Input {
  const input = { type: tag, valueType: attributes.get("valueType") ?? null };
  const value = attributes.get("value");
  if (value !== undefined) return { ...input, value: value.replace(/^\$+/, "") };
  return { ...input, valueList: attributes.get("valueList")?.replace(/^\$+/, "") ?? "" };
}

function addLabel(tag: Tag, ancestors: Tag[], controls: Map<string, Control>): void {
  const { attributes } = tag;
  const value = attributes.get("alias") || attributes.get("value") || attributes.get("valueList");
  const parent = ancestors.findLast((ancestor) => controls.has(ancestor.attributes.get("name") ?? ""));
  const control = controls.get(parent?.attributes.get("name") ?? "");
  if (!value || !control) return;
  if (!Object.hasOwn(control.labels_attrs, value)) control.labels.push(value);
  Object.defineProperty(control.labels_attrs, value, {
    value: Object.fromEntries(attributes),
    enumerable: true,
    configurable: true,
    writable: true,
  });
}
