import { groupBy } from "../../common/group-by.ts";

/** An answer to one question: who gave it to which task, and what it is; equal texts are equal answers. */
export interface GivenAnswer {
  task_id: number;
  user_id: number;
  answer: string;
}

/** How often two people gave the same answer. */
export interface PairAgreement {
  user_ids: [one: number, other: number];
  /** The tasks that both answered. */
  tasks: number;
  /** The share of equal answers, from 0 to 1. */
  equal: number;
  /**
   * Cohen's kappa: the share of equal answers beyond what is expected by chance, from -1 to 1. Undefined where chance alone makes all
   * answers equal, as when both always gave the same one.
   */
  kappa: number | undefined;
}

/** How often people gave the same answer to a question. */
export interface Agreement {
  /** The tasks that several people answered. */
  tasks: number;
  /** The share of equal answers among all pairs of answers to the same task, from 0 to 1. */
  equal: number;
  /** Those with the most tasks first. */
  pairs: PairAgreement[];
}

/** Compares answers to one question, at most one of each person and task. Undefined if no task has several. */
export function measureAgreement(answers: readonly GivenAnswer[]): Agreement | undefined {
  const byTask = groupBy(answers, ({ task_id }) => task_id);
  const pairs = new Map<string, { user_ids: [number, number]; answers: [string, string][] }>();
  let tasks = 0;
  for (const ofTask of byTask.values()) {
    if (ofTask.length > 1) tasks++;
    const inOrder = ofTask.toSorted((one, other) => one.user_id - other.user_id);
    for (const [index, one] of inOrder.entries())
      for (const other of inOrder.slice(index + 1)) {
        const key = `${one.user_id} ${other.user_id}`;
        const pair = pairs.get(key) ?? { user_ids: [one.user_id, other.user_id], answers: [] };
        pair.answers.push([one.answer, other.answer]);
        pairs.set(key, pair);
      }
  }
  if (tasks === 0) return undefined;
  const all = [...pairs.values()].flatMap((pair) => pair.answers);
  return {
    tasks,
    equal: shareOfEqual(all),
    pairs: [...pairs.values()]
      .map(({ user_ids, answers: both }) => ({
        user_ids,
        tasks: both.length,
        equal: shareOfEqual(both),
        kappa: cohensKappa(both),
      }))
      .sort((one, other) => other.tasks - one.tasks),
  };
}

/** Cohen's kappa of pairs of answers by the same two people; undefined without any, or where chance makes all equal. */
export function cohensKappa(answers: readonly (readonly [one: string, other: string])[]): number | undefined {
  const ones = countBy(answers.map(([one]) => one));
  const others = countBy(answers.map(([, other]) => other));
  let expected = 0;
  for (const [answer, count] of ones) expected += (count * (others.get(answer) ?? 0)) / answers.length ** 2;
  if (answers.length === 0 || expected === 1) return undefined;
  return (shareOfEqual(answers) - expected) / (1 - expected);
}

function shareOfEqual(answers: readonly (readonly [string, string])[]): number {
  return answers.filter(([one, other]) => one === other).length / answers.length;
}

function countBy(values: string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}
