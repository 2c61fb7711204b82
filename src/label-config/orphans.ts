import type { Control, ParsedLabelConfig } from "./parsed.ts";
import { membersOf } from "./task-values.ts";

/** How many answers there are of each kind, by `from_name|to_name|type`. */
export type AnswerKinds = Map<string, number>;

/** Adds the answers in the result of an annotation, a JSON array. */
export function countAnswers(kinds: AnswerKinds, result: string): void {
  const entries: unknown = JSON.parse(result);
  for (const entry of Array.isArray(entries) ? entries.map(membersOf) : []) {
    const { from_name, to_name, type } = entry;
    if (typeof from_name !== "string" || typeof type !== "string" || type === "pairwise") continue;
    const kind = [from_name, [to_name].flat().join(","), type.toLowerCase()].join("|");
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  }
}

/** Upstream's words when a setup has no place for answers that were given already; undefined when it has. */
export function orphansProblem(setup: ParsedLabelConfig, kinds: AnswerKinds): string | undefined {
  const controls = Object.entries(setup);
  const orphans = [...kinds].filter(([kind]) => !controls.some(([name, control]) => takes(name, control, kind)));
  if (!orphans.length) return undefined;
  const lines = orphans.map(([kind, count]) => {
    const [from_name, to_name, type] = kind.split("|");
    return `${count} with from_name=${from_name}, to_name=${to_name}, type=${type}`;
  });
  return `Created annotations are incompatible with provided labeling schema, we found:\n${lines.join("\n")}`;
}

function takes(name: string, { type, to_name, regex }: Control, kind: string): boolean {
  const [from_name = "", to, kept_type] = kind.split("|");
  if (regex) return numbered(name, Object.keys(regex)).test(from_name);
  const sameType = type.toLowerCase() === kept_type;
  // Upstream lets a text be about anything.
  return name === from_name && sameType && (kept_type === "textarea" || to_name.join(",") === to);
}

/** A Repeater's names, with a number in the place of its variables. */
function numbered(name: string, variables: string[]): RegExp {
  const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const pattern = variables.reduce((all, variable) => all.replaceAll(escaped(variable), ".*"), escaped(name));
  return new RegExp(`^${pattern}$`);
}
