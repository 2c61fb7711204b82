import { isDeepStrictEqual } from "node:util";

import { answers } from "./result-to-form.ts";
import type { ResultEntry } from "./form-to-result.ts";
import type { LabelForm } from "../form/parts.ts";
import { objectMembers } from "../task-values.ts";

/**
 * The answers of the form put into an earlier `result`. What the form does not show (regions, other controls) stays as
 * and where it is; answers to the same control keep their id; controls that are no longer answered lose theirs.
 */
export function mergeResult(form: LabelForm, old_result: unknown[], new_result: ResultEntry[]): unknown[] {
  const left = new Map(new_result.map((entry) => [entry.from_name, entry]));
  const kept = old_result.flatMap((old) => {
    const entry = objectMembers(old);
    if (!form.controls.some(({ control }) => answers(entry, control))) return [old];
    const answer = left.get(String(entry.from_name));
    left.delete(String(entry.from_name));
    if (!answer) return [];
    return [isDeepStrictEqual(entry.value, answer.value) ? old : replaced(entry, answer)];
  });
  return [...kept, ...left.values()];
}

function replaced(old: Record<string, unknown>, answer: ResultEntry): Record<string, unknown> {
  const origin = old.origin === "prediction" ? "prediction-changed" : (old.origin ?? answer.origin);
  return { ...answer, ...old, origin, value: answer.value };
}
