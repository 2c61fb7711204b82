import { withAncestors } from "./xml/tree.ts";
import type { Tag } from "./xml/tree.ts";

/** An object tag that a control tag refers to: `valueType` and `value` or `valueList` as written, without `$`. */
export interface Input {
  type: string;
  valueType: string | null;
  value?: string;
  valueList?: string;
}

/** A control tag in the API's `parsed_label_config`. */
export interface Control {
  type: string;
  to_name: string[];
  /** For names that a Repeater numbers: its variable, and the regular expression that replaces it. */
  regex?: Record<string, string>;
  /** What has to be selected before a control of a region is shown. */
  conditionals?: { type: "tag" | "label" | "choice"; name: string };
  /** The labels are read from the task's data. */
  dynamic_labels?: true;
  inputs: Input[];
  /** The possible answers: the alias where there is one, else the value. */
  labels: string[];
  labels_attrs: Record<string, Record<string, string>>;
}

/** Controls by their name. */
export type ParsedLabelConfig = Record<string, Control>;

/** `control_weights` of a project: the weight of each control, and of each of its labels. */
type ControlWeights = Record<string, { overall: number; type: string; labels: Record<string, number> }>;

const notControls = new Set(["Filter"]);
const labelTags = new Set(["Label", "Choice", "Relation"]);

/** Whether a tag is a control: it has a name and the name of an object. */
export function isControlTag(tag: Tag): boolean {
  return Boolean(tag.attributes.get("name") && tag.attributes.get("toName")) && !notControls.has(tag.tag);
}

/** Whether a tag is an object: it has a name and a value to show. */
function isObjectTag(tag: Tag): boolean {
  const { attributes } = tag;
  return (
    !isControlTag(tag) && Boolean(attributes.get("name") && (attributes.get("value") || attributes.get("valueList")))
  );
}

/** Returns `parsed_label_config` of a project. */
export function describeControls(root: Tag): ParsedLabelConfig {
  const controls = new Map<string, Control>();
  const inputs = new Map<string, Input>();
  const variables: string[] = [];
  for (const { tag, ancestors } of withAncestors(root)) {
    const name = tag.attributes.get("name") ?? "";
    const variable = tag.attributes.get("indexFlag");
    if (variable !== undefined) variables.push(variable);
    if (isControlTag(tag)) controls.set(name, controlOf(tag, variables));
    else if (isObjectTag(tag)) inputs.set(name, inputOf(tag));
    if (labelTags.has(tag.tag)) addLabel(tag, ancestors, controls);
  }
  for (const control of controls.values()) control.inputs = control.to_name.flatMap((name) => inputs.get(name) ?? []);
  return Object.fromEntries(controls);
}

/** Returns `control_weights` of a project: the earlier weights where there are some, else 1. */
export function controlWeights(parsed: ParsedLabelConfig, earlier: ControlWeights = {}): ControlWeights {
  const weights = Object.entries(parsed).map(([name, { type, labels }]) => {
    const previous = Object.hasOwn(earlier, name) ? earlier[name] : undefined;
    const weightOf = (label: string) => {
      const weight = previous && Object.hasOwn(previous.labels, label) ? previous.labels[label] : undefined;
      return [label, weight ?? 1];
    };
    return [name, { overall: previous?.overall ?? 1, type, labels: Object.fromEntries(labels.map(weightOf)) }];
  });
  return Object.fromEntries(weights) as ControlWeights;
}

/** Whether answers to the old label config may not fit the new one; null instead of false, as Label Studio's API says it. */
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
