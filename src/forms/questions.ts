import { limits } from "../common/limits.ts";
import type { EditableQuestion } from "../label-config/edit/questions.ts";
import { valuesOf } from "./form.ts";

/**
 * Reads the questions of a project's settings: `question-0-name` and `question-0-text`, and of each answer `answers-0` and
 * `stored-0`, which is empty for a new one.
 */
export function readQuestions(body: unknown): EditableQuestion[] {
  const fields = Object(body) as Record<string, unknown>;
  const questions: EditableQuestion[] = [];
  for (let index = 0; index < limits.controls; index++) {
    const name = fields[`question-${index}-name`];
    if (typeof name !== "string") break;
    const stored = valuesOf(fields[`stored-${index}`]);
    questions.push({
      name,
      text: textOf(fields[`question-${index}-text`]),
      answers: valuesOf(fields[`answers-${index}`]).map((label, at) => ({
        stored: (typeof stored[at] === "string" && stored[at]) || undefined,
        label: textOf(label),
      })),
    });
  }
  return questions;
}

/** Does what a button of the form says, such as `add.0`, `up.0.2`, `down.0.2` or `remove.0.2`, for browsers without scripts. */
export function editQuestions(questions: EditableQuestion[], edit: unknown): EditableQuestion[] {
  const [action = "", ...numbers] = textOf(edit).split(".");
  const [question = -1, answer = -1] = numbers.map(Number);
  return questions.map((each, index) => {
    if (index !== question) return each;
    const answers = [...each.answers];
    const [moved] = action === "add" ? [] : answers.splice(answer, 1);
    if (action === "add") answers.push({ stored: undefined, label: "" });
    if (moved && action === "up") answers.splice(Math.max(0, answer - 1), 0, moved);
    if (moved && action === "down") answers.splice(answer + 1, 0, moved);
    return { ...each, answers };
  });
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value.trim() : "";
}
