import { isControlPart } from "./parts.ts";
import type { ControlPart, Part } from "./parts.ts";

/** The question of a control: the header right before it, else its name as words. */
export function questionOf(control: ControlPart, before: Part | undefined): string {
  const header = before?.tag === "Header" ? before.text.trim() : "";
  return header || readableName(control);
}

/** The questions of all controls in these parts, by the controls' names. */
export function questionsByName(parts: Part[]): Map<string, string> {
  const questions = parts.flatMap((part, index): [string, string][] => {
    if (part.tag === "View") return [...questionsByName(part.parts)];
    return isControlPart(part) ? [[part.name, questionOf(part, parts[index - 1])]] : [];
  });
  return new Map(questions);
}

/** `first_impression` as "First impression". */
function readableName({ name }: ControlPart): string {
  const words = name.replaceAll(/[_-]+/g, " ").trim() || name;
  return words.charAt(0).toUpperCase() + words.slice(1);
}
