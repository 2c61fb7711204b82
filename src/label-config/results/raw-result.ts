import { isDeepStrictEqual } from "node:util";

import { joinMembers, rawElements, RawJson, rawMembers, stringifyJson } from "../../common/raw-json.ts";
import { isObject } from "../../common/is-object.ts";
import { messageKey } from "../form/chat-parts.ts";
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
  const remaining = new Map(answers.map((answer) => [keyOf(answer, answer.message_key || answer.id), answer]));
  const isAnswer = answerFilter(form);
  const merged = old_result.flatMap((old, index) => {
    const entry = objectMembers(old);
    if (!isAnswer(entry)) return [old];
    const key = keyOf(entry, messageKey(entry.id, index));
    const answer = remaining.get(key);
    remaining.delete(key);
    if (!answer) return [];
    const value = mergedValue(entry, answer);
    return [isDeepStrictEqual(entry.value, value) ? old : withAnswer(entry, { ...answer, value })];
  });
  // Relations stay last, as Label Studio writes them.
  const behind = merged.findLastIndex((entry) => objectMembers(entry).type !== "relation") + 1;
  return merged.toSpliced(behind, 0, ...remaining.values()).map(withoutMessageKey);
}

/** A control has one answer, but for the messages of a Chat. */
function keyOf({ from_name, type }: Record<string, unknown> | ResultEntry, message: string): string {
  return type === "chatmessage" ? `${String(from_name)} ${message}` : String(from_name);
}

/** A changed message keeps when it was written, and what else is known of it. */
function mergedValue(old: Record<string, unknown>, { value }: ResultEntry): Record<string, unknown> {
  const before = objectMembers(old.value);
  if (before.chatmessage === undefined) return value;
  const { role, content } = objectMembers(value.chatmessage);
  return { ...before, chatmessage: { ...objectMembers(before.chatmessage), role, content } };
}

function withoutMessageKey(entry: unknown): unknown {
  if (!isObject(entry) || entry.message_key === undefined || entry.type !== "chatmessage") return entry;
  const { message_key: _, ...stored } = entry;
  return stored;
}

function withAnswer(old: Record<string, unknown>, answer: ResultEntry): Record<string, unknown> {
  const origin = old.origin === "prediction" ? "prediction-changed" : (old.origin ?? answer.origin);
  return { ...answer, ...old, origin, value: answer.value };
}

/** The initial result of an annotation that is based on a prediction. */
export function resultFromPrediction(result: string): string {
  const entries = rawElements(result).map((text) => {
    if (!text.startsWith("{")) return text;
    return joinMembers(rawMembers(text).set("origin", '"prediction"'));
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
