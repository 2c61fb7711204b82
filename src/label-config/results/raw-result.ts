import { isDeepStrictEqual } from "node:util";

import { rawElements, RawJson, rawMembers, stringifyJson } from "../../common/raw-json.ts";
import type { LabelForm } from "../form/parts.ts";
import { objectMembers } from "../task-values.ts";
import type { ResultEntry } from "./form-to-result.ts";
import { answerFilter } from "./result-to-form.ts";

/**
 * Merges a form's answers into the earlier result of an annotation, as JSON. Entries that the form does not show (regions,
 * other controls) keep their text and position, and changed answers their id; an answer that was removed is left out.
 */
export function mergeRawResult(form: LabelForm, old_result: string, answers: ResultEntry[]): string {
  const texts = rawElements(old_result);
  const entries = texts.map((text): unknown => JSON.parse(text));
  const textOf = new Map(entries.map((entry, index) => [entry, texts[index] ?? ""]));
  const merged = mergeResult(form, entries, answers);
  return stringifyJson(merged.map((entry) => (textOf.has(entry) ? new RawJson(textOf.get(entry) ?? "") : entry)));
}

function mergeResult(form: LabelForm, old_result: unknown[], answers: ResultEntry[]): unknown[] {
  const remaining = new Map(answers.map((answer) => [answer.from_name, answer]));
  const isAnswer = answerFilter(form);
  const merged = old_result.flatMap((old) => {
    const entry = objectMembers(old);
    if (!isAnswer(entry)) return [old];
    const answer = remaining.get(String(entry.from_name));
    remaining.delete(String(entry.from_name));
    if (!answer) return [];
    return [isDeepStrictEqual(entry.value, answer.value) ? old : withAnswer(entry, answer)];
  });
  return [...merged, ...remaining.values()];
}

function withAnswer(old: Record<string, unknown>, answer: ResultEntry): Record<string, unknown> {
  const origin = old.origin === "prediction" ? "prediction-changed" : (old.origin ?? answer.origin);
  return { ...answer, ...old, origin, value: answer.value };
}

/** The initial result of an annotation that is based on a prediction. */
export function resultFromPrediction(result: string): string {
  const entries = rawElements(result).map((text) => {
    if (!text.startsWith("{")) return text;
    const members = rawMembers(text).set("origin", '"prediction"');
    return `{${[...members].map(([name, member]) => `${JSON.stringify(name)}:${member}`).join(",")}}`;
  });
  return `[${entries.join(",")}]`;
}

/** Whether a result is based on a prediction. */
export function startedAsPrediction(result: string): boolean {
  return rawElements(result).some((text) => {
    const origin = text.startsWith("{") ? rawMembers(text).get("origin") : undefined;
    return origin === '"prediction"' || origin === '"prediction-changed"';
  });
}
