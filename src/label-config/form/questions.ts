import { isControlPart } from "./parts.ts";
import type { ControlPart, Part, ViewPart } from "./parts.ts";

/** The question of a control: the header right before it, else its name as words. `entry`: of the Repeater that it is in. */
export function questionOf(control: ControlPart, before: Part | undefined, entry?: ViewPart["entry"]): string {
  const header = before?.tag === "Header" ? before.text.trim() : "";
  return header || readableName(control, entry);
}

/** The questions of all controls in these parts, by the controls' names. */
export function questionsByName(parts: Part[], entry?: ViewPart["entry"]): Map<string, string> {
  const questions = parts.flatMap((part, index): [string, string][] => {
    if (part.tag === "View") return [...questionsByName(part.parts, part.entry ?? entry)];
    if (!isControlPart(part)) return [];
    const question = questionOf(part, parts[index - 1], entry);
    return [[part.name, entry ? `${question} (${entry.number} of ${entry.count})` : question]];
  });
  return new Map(questions);
}

/** `first_impression` as "First impression"; the index of an entry at its end is left out, since people count from 1. */
function readableName({ name }: ControlPart, entry: ViewPart["entry"]): string {
  const index = entry && new RegExp(`[_\\s-]*(?<!\\d)${entry.number - 1}$`);
  const own = (index && name.replace(index, "")) || name;
  const words = own.replaceAll(/[_-]+/g, " ").trim() || own;
  return words.charAt(0).toUpperCase() + words.slice(1);
}
