import { rawElements, RawJson, rawMembers, stringifyJson } from "../../common/raw-json.ts";
import type { ResultEntry } from "./form-to-result.ts";
import type { LabelForm } from "../form/parts.ts";
import { mergeResult } from "./merge-results.ts";

/** The answers of a form put into an earlier result; what they leave alone keeps its text as it came. */
export function mergedText(form: LabelForm, earlier: string, answers: ResultEntry[]): string {
  const texts = rawElements(earlier);
  const entries = texts.map((text): unknown => JSON.parse(text));
  const textOf = new Map(entries.map((entry, index) => [entry, texts[index] ?? ""]));
  const merged = mergeResult(form, entries, answers);
  return stringifyJson(merged.map((entry) => (textOf.has(entry) ? new RawJson(textOf.get(entry) ?? "") : entry)));
}

/** The result that somebody begins with who takes over a prediction. */
export function fromPrediction(result: string): string {
  const entries = rawElements(result).map((text) => {
    if (!text.startsWith("{")) return text;
    const members = rawMembers(text).set("origin", '"prediction"');
    return `{${[...members].map(([name, member]) => `${JSON.stringify(name)}:${member}`).join(",")}}`;
  });
  return `[${entries.join(",")}]`;
}

/** Whether a result began as a prediction. */
export function beganAsPrediction(result: string): boolean {
  return rawElements(result).some((text) => {
    const origin = text.startsWith("{") ? rawMembers(text).get("origin") : undefined;
    return origin === '"prediction"' || origin === '"prediction-changed"';
  });
}

/** How many things a result speaks of: entries with the same id are about the same one. */
export function countResults(result: string): number {
  const ids = rawElements(result).map((text, index) => (text.startsWith("{") && rawMembers(text).get("id")) || index);
  return new Set(ids).size;
}
