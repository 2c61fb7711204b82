import type { Control, ParsedLabelConfig } from "../parsed.ts";
import { objectMembers } from "../task-values.ts";

/** Answers that people gave, counted. */
export interface AnswerUsage {
  /** By `from_name|to_name|type`. */
  kinds: Map<string, number>;
  /** By the name of the control tag, and the label. */
  labels: Map<string, Map<string, number>>;
}

/** Adds the answers in the result of an annotation, a JSON array. */
export function countAnswers({ kinds, labels }: AnswerUsage, result: string): void {
  const entries: unknown = JSON.parse(result);
  for (const entry of Array.isArray(entries) ? entries.map(objectMembers) : []) {
    const { from_name, to_name, type, value } = entry;
    if (typeof from_name !== "string" || typeof type !== "string" || type === "pairwise") continue;
    const kind = [from_name, [to_name].flat().join(","), type.toLowerCase()].join("|");
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
    const ofControl = labels.get(from_name) ?? new Map<string, number>();
    for (const label of labelsIn(type, objectMembers(value))) ofControl.set(label, (ofControl.get(label) ?? 0) + 1);
    labels.set(from_name, ofControl);
  }
}

/** Upstream's words when a setup has no place for answers that were given already; undefined when it has. */
export function orphansProblem(setup: ParsedLabelConfig, { kinds }: AnswerUsage): string | undefined {
  const controls = Object.entries(setup);
  const orphans = [...kinds].filter(([kind]) => !controls.some(([name, control]) => takes(name, control, kind)));
  if (!orphans.length) return undefined;
  const lines = orphans.map(([kind, count]) => {
    const [from_name, to_name, type] = kind.split("|");
    return `${count} with from_name=${from_name}, to_name=${to_name}, type=${type}`;
  });
  return `Created annotations are incompatible with provided labeling schema, we found:\n${lines.join("\n")}`;
}

/** Upstream's words when a setup no longer offers labels that were given; undefined when it does. */
export function labelsProblem(setup: ParsedLabelConfig, { labels }: AnswerUsage): string | undefined {
  for (const [from_name, given] of labels) {
    const [name, control] = Object.entries(setup).find((each) => isNamed(...each, from_name)) ?? [];
    if (!control || control.dynamic_labels) continue;
    // A rectangle in a video has its labels in another tag.
    const isVideo = Object.values(setup).some(({ type }) => type === "VideoRectangle");
    const offered = isVideo ? Object.values(setup).flatMap((each) => each.labels) : control.labels;
    const gone = [...given].filter(([label]) => !offered.includes(label));
    if (!gone.length) continue;
    const lines = gone.map(([label, count]) => `${label} (${count} annotation${count === 1 ? "" : "s"})\n`);
    return `These labels still exist in annotations or drafts:\n${lines.join("")}Please add labels to tag with name="${name}".`;
  }
  return undefined;
}

/** What was chosen, of a control that offers labels. */
function labelsIn(type: string, value: Record<string, unknown>): string[] {
  const chosen = value[type === "videorectangle" ? "labels" : type];
  if (!Array.isArray(chosen) || type === "text") return [];
  return (type === "taxonomy" ? chosen.flat() : chosen).map(String);
}

function takes(name: string, control: Control, kind: string): boolean {
  const [from_name = "", to, kept_type] = kind.split("|");
  if (control.regex) return isNamed(name, control, from_name);
  const sameType = control.type.toLowerCase() === kept_type;
  // Upstream lets a text be about anything.
  return name === from_name && sameType && (kept_type === "textarea" || control.to_name.join(",") === to);
}

function isNamed(name: string, { regex }: Control, from_name: string): boolean {
  return regex ? numbered(name, Object.keys(regex)).test(from_name) : name === from_name;
}

/** A Repeater's names, with a number in the place of its variables. */
function numbered(name: string, variables: string[]): RegExp {
  const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const pattern = variables.reduce((all, variable) => all.replaceAll(escaped(variable), ".*"), escaped(name));
  return new RegExp(`^${pattern}$`);
}
