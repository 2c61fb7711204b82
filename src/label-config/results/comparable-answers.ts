import { groupBy } from "../../common/group-by.ts";
import { isObject } from "../../common/is-object.ts";
import { stringifyJson } from "../../common/raw-json.ts";
import { objectMembers } from "../task-values.ts";
import type { GivenAnswer } from "./agreement.ts";
import { resultEntries } from "./result-entries.ts";

/** An annotation whose answers are compared with those of others. */
interface ComparedAnnotation {
  task_id: number;
  completed_by_id: number;
  /** JSON. */
  result: string;
}

/**
 * The members of a result's value that hold an answer out of few, and orders, which are the same if all of them is. Texts are
 * compared by no one, and regions neither.
 */
const answerMembers = ["choices", "taxonomy", "rating", "selected", "number", "ranker"];

/** Stands for no answer where others gave one. */
const noAnswer = "";

/**
 * The answers of annotations by the name of the question, one of each person and task: the last annotation counts. An annotation
 * without an answer to a question that somebody else answered for the same task has an empty one.
 */
export function comparableAnswers(annotations: readonly ComparedAnnotation[]): Map<string, GivenAnswer[]> {
  const byTask = groupBy(annotations, ({ task_id }) => task_id);
  const questions = new Map<string, GivenAnswer[]>();
  for (const [task_id, ofTask] of byTask) {
    const latest = new Map(ofTask.map(({ completed_by_id, result }) => [completed_by_id, answersIn(result)]));
    const names = new Set([...latest.values()].flatMap((answers) => [...answers.keys()]));
    for (const name of names) {
      const ofQuestion = questions.get(name) ?? [];
      for (const [user_id, answers] of latest)
        ofQuestion.push({ task_id, user_id, answer: answers.get(name) ?? noAnswer });
      questions.set(name, ofQuestion);
    }
  }
  return questions;
}

function answersIn(result: string): Map<string, string> {
  const answers = new Map<string, string>();
  for (const { from_name, value } of resultEntries(result)) {
    const members = objectMembers(value);
    const member = answerMembers.find((name) => members[name] !== undefined);
    const isRegion = ["start", "x", "points", "startOffset"].some((name) => members[name] !== undefined);
    if (typeof from_name === "string" && member && !isRegion) answers.set(from_name, canonical(members[member]));
  }
  return answers;
}

/** Several choices are the same in any order, as are the buckets of a ranking, but not the items in them. */
function canonical(value: unknown): string {
  const isMany = Array.isArray(value) || isObject(value);
  if (!isMany) return stringifyJson(value);
  const parts = Array.isArray(value) ? value : Object.entries(value);
  return parts
    .map((each) => stringifyJson(each))
    .sort()
    .join("\n");
}
