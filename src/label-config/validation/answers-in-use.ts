import { escapeRegExp } from "../../common/escape-regexp.ts";
import { stringifyJson } from "../../common/raw-json.ts";
import type { Control, ParsedLabelConfig } from "../parsed-label-config.ts";
import { objectMembers } from "../task-values.ts";

/** How often each answer is used in a project's annotations. */
interface AnswerUsage {
  /** By `from_name|to_name|type`. */
  kinds: Map<string, number>;
  /** By the name of the control, then the label. */
  labels: Map<string, Map<string, number>>;
}

/** Counts the answers in results of annotations, which are JSON arrays. */
export async function countAnswers(results: AsyncIterable<string>): Promise<AnswerUsage> {
  const usage: AnswerUsage = { kinds: new Map(), labels: new Map() };
  for await (const result of results) addAnswers(usage, result);
  return usage;
}

/** Label Studio's message when a label config has no control for existing answers; undefined when it has. */
export function incompatibleAnswersError(
  parsed_label_config: ParsedLabelConfig,
  { kinds }: AnswerUsage,
): string | undefined {
  const controls = Object.entries(parsed_label_config);
  const incompatible = [...kinds].filter(([kind]) => !controls.some(([name, control]) => accepts(name, control, kind)));
  if (!incompatible.length) return undefined;
  const lines = incompatible.map(([kind, count]) => {
    const [from_name, to_name, type] = kind.split("|");
    return `${count} with from_name=${from_name}, to_name=${to_name}, type=${type}`;
  });
  return `Created annotations are incompatible with provided labeling schema, we found:\n${lines.join("\n")}`;
}

/** Label Studio's message when a label config no longer offers labels of existing answers; undefined when it does. */
export function removedLabelsError(
  parsed_label_config: ParsedLabelConfig,
  { labels }: AnswerUsage,
): string | undefined {
  for (const [from_name, counts] of labels) {
    const [name, control] = Object.entries(parsed_label_config).find((each) => matchesName(...each, from_name)) ?? [];
    if (!control || control.dynamic_labels) continue;
    // A rectangle in a video has its labels in another tag.
    const isVideo = Object.values(parsed_label_config).some(({ type }) => type === "VideoRectangle");
    const offered = isVideo ? Object.values(parsed_label_config).flatMap((each) => each.labels) : control.labels;
    const removed = [...counts].filter(([label]) => !offered.includes(label));
    if (!removed.length) continue;
    const lines = removed.map(([label, count]) => `${label} (${count} annotation${count === 1 ? "" : "s"})\n`);
    return `These labels still exist in annotations or drafts:\n${lines.join("")}Please add labels to tag with name="${name}".`;
  }
  return undefined;
}

function addAnswers({ kinds, labels }: AnswerUsage, result: string): void {
  const entries: unknown = JSON.parse(result);
  for (const entry of Array.isArray(entries) ? entries.map(objectMembers) : []) {
    const { from_name, to_name, type, value } = entry;
    if (typeof from_name !== "string" || typeof type !== "string" || type === "pairwise") continue;
    const kind = [from_name, [to_name].flat().map(textOf).join(","), type.toLowerCase()].join("|");
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
    const counts = labels.get(from_name) ?? new Map<string, number>();
    for (const label of labelsIn(type, objectMembers(value))) counts.set(label, (counts.get(label) ?? 0) + 1);
    labels.set(from_name, counts);
  }
}

/** The selected labels; none for an answer of another kind. */
function labelsIn(type: string, value: Record<string, unknown>): string[] {
  const selected = value[type === "videorectangle" ? "labels" : type];
  if (!Array.isArray(selected) || type === "text") return [];
  return (type === "taxonomy" ? selected.flat() : selected).map(textOf);
}

/** Of lists and objects, which are no labels and no names, the JSON: they may be nested deeper than calls can be. */
function textOf(value: unknown): string {
  return typeof value === "string" ? value : stringifyJson(value);
}

function accepts(name: string, control: Control, kind: string): boolean {
  const [from_name = "", to, answer_type] = kind.split("|");
  if (control.regex) return matchesName(name, control, from_name);
  const isSameType = control.type.toLowerCase() === answer_type;
  // Label Studio accepts a text about any object.
  return name === from_name && isSameType && (answer_type === "textarea" || control.to_name.join(",") === to);
}

function matchesName(name: string, { regex }: Control, from_name: string): boolean {
  return regex ? repeatedName(name, Object.keys(regex)).test(from_name) : name === from_name;
}

/** Matches the names that a Repeater makes of a pattern by replacing its variables. */
function repeatedName(name: string, variables: string[]): RegExp {
  const pattern = variables.reduce(
    (text, variable) => text.replaceAll(escapeRegExp(variable), ".*"),
    escapeRegExp(name),
  );
  return new RegExp(`^${pattern}$`);
}
