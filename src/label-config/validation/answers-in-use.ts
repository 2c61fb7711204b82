import { turnTaking } from "../../common/event-loop.ts";
import { stringifyJson } from "../../common/raw-json.ts";
import type { Control, ParsedLabelConfig } from "../parsed-label-config.ts";
import { isLike, namePattern } from "../repeated-names.ts";
import type { NamePattern } from "../repeated-names.ts";
import { resultEntries } from "../results/result-entries.ts";
import { objectMembers } from "../task-values.ts";

/** How often each answer is used in a project's annotations. */
export interface AnswerUsage {
  /** By `from_name|to_name|type`. */
  kinds: Map<string, number>;
  /** By the name of the control, then the label. */
  labels: Map<string, Map<string, number>>;
}

/** Errors name so many kinds of answers. */
const maxListed = 100;

/** Counts the answers in results of annotations, which are JSON arrays. */
export async function countAnswers(results: AsyncIterable<string>): Promise<AnswerUsage> {
  const usage: AnswerUsage = { kinds: new Map(), labels: new Map() };
  const takeTurn = turnTaking();
  for await (const result of results) {
    addAnswers(usage, result);
    await takeTurn();
  }
  return usage;
}

/** Label Studio's message when a label config has no control for existing answers; undefined when it has. */
export async function incompatibleAnswersError(
  parsed_label_config: ParsedLabelConfig,
  usage: AnswerUsage,
): Promise<string | undefined> {
  const lines: string[] = [];
  for await (const { from_name, to_name, type, count } of incompatibleKinds(parsed_label_config, usage)) {
    lines.push(`${count} with from_name=${from_name}, to_name=${to_name}, type=${type}`);
    if (lines.length > maxListed) break;
  }
  if (!lines.length) return undefined;
  return `Created annotations are incompatible with provided labeling schema, we found:\n${listed(lines).join("\n")}`;
}

/** Label Studio's message when a label config no longer offers labels of existing answers; undefined when it does. */
export async function removedLabelsError(
  parsed_label_config: ParsedLabelConfig,
  usage: AnswerUsage,
): Promise<string | undefined> {
  for await (const { name, removed } of removedLabels(parsed_label_config, usage)) {
    const lines = removed.map(([label, count]) => `${label} (${count} annotation${count === 1 ? "" : "s"})\n`);
    return `These labels still exist in annotations or drafts:\n${listed(lines).join("")}Please add labels to tag with name="${name}".`;
  }
  return undefined;
}

/** What people read when a label config has no question or no option for existing answers; undefined when it has all. */
export async function lostAnswersMessage(
  parsed_label_config: ParsedLabelConfig,
  usage: AnswerUsage,
): Promise<string | undefined> {
  for await (const { from_name, count } of incompatibleKinds(parsed_label_config, usage))
    return `${annotationsAnswer(count)} “${from_name}”. Keep that question, or delete them first.`;
  for await (const { removed } of removedLabels(parsed_label_config, usage)) {
    const [[label, count] = ["", 0]] = removed;
    return `${annotationsAnswer(count)} “${label}”. Keep that answer, or delete them first.`;
  }
  return undefined;
}

function annotationsAnswer(count: number): string {
  return count === 1 ? "1 annotation answers" : `${count.toLocaleString("en")} annotations answer`;
}

/** The kinds of answers that no control of the label config can have. */
async function* incompatibleKinds(parsed_label_config: ParsedLabelConfig, { kinds }: AnswerUsage) {
  const controls = new ControlsByName(parsed_label_config);
  const takeTurn = turnTaking();
  for (const [kind, count] of kinds) {
    await takeTurn();
    const [from_name = "", to_name, type] = kind.split("|");
    if (!controls.accept(from_name, to_name, type)) yield { from_name, to_name, type, count };
  }
}

/** The controls that no longer offer labels of existing answers. */
async function* removedLabels(parsed_label_config: ParsedLabelConfig, { labels }: AnswerUsage) {
  const controls = new ControlsByName(parsed_label_config);
  const all = Object.values(parsed_label_config);
  // A rectangle in a video has its labels in another tag.
  const ofVideo = all.some(({ type }) => type === "VideoRectangle")
    ? new Set(all.flatMap((each) => each.labels))
    : undefined;
  const takeTurn = turnTaking();
  for (const [from_name, counts] of labels) {
    await takeTurn();
    const { name, control } = controls.find(from_name) ?? {};
    if (!control || control.dynamic_labels) continue;
    const offered = ofVideo ?? new Set(control.labels);
    const removed = [...counts].filter(([label]) => !offered.has(label));
    if (removed.length) yield { name, removed };
  }
}

/** The first lines, and that there are more. */
function listed(lines: string[]): string[] {
  return lines.length > maxListed ? [...lines.slice(0, maxListed), "and more\n"] : lines;
}

interface NamedControl {
  name: string;
  control: Control;
  /** `to_name` as results write it. */
  to_name: string;
}

/** Finds controls by the names in results, which a Repeater makes of the control's name. */
class ControlsByName {
  readonly #exact: Map<string, NamedControl>;
  readonly #repeated: (NamedControl & { pattern: NamePattern })[];

  constructor(parsed_label_config: ParsedLabelConfig) {
    const all = Object.entries(parsed_label_config).map(([name, control]) => ({
      name,
      control,
      to_name: control.to_name.join(","),
    }));
    this.#exact = new Map(all.filter(({ control }) => !control.regex).map((each) => [each.name, each]));
    this.#repeated = all.flatMap((each) =>
      each.control.regex ? { ...each, pattern: namePattern(each.name, Object.keys(each.control.regex)) } : [],
    );
  }

  find(from_name: string): NamedControl | undefined {
    return this.#exact.get(from_name) ?? this.#repeated.find(({ pattern }) => isLike(pattern, from_name));
  }

  accept(from_name: string, to_name: string | undefined, type: string | undefined): boolean {
    const exact = this.#exact.get(from_name);
    // Label Studio accepts a text about any object.
    if (exact?.control.type.toLowerCase() === type && (type === "textarea" || exact?.to_name === to_name)) return true;
    return this.#repeated.some(({ pattern }) => isLike(pattern, from_name));
  }
}

/** Answers whose `to_name` is themselves, a comparison's and a chat's, are the answers of no control in Label Studio's eyes. */
const ofNoControl: ReadonlySet<string> = new Set(["pairwise", "chatmessage"]);

function addAnswers({ kinds, labels }: AnswerUsage, result: string): void {
  for (const { from_name, to_name, type, value } of resultEntries(result)) {
    if (typeof from_name !== "string" || typeof type !== "string" || ofNoControl.has(type)) continue;
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
