import assert from "node:assert/strict";
import { test } from "node:test";

import { cohensKappa, measureAgreement } from "../../../src/label-config/results/agreement.ts";
import { comparableAnswers } from "../../../src/label-config/results/comparable-answers.ts";

/** So many pairs of each kind. */
function pairs(counts: Record<string, number>): [string, string][] {
  return Object.entries(counts).flatMap(([both, count]) =>
    Array.from({ length: count }, (): [string, string] => [both.charAt(0), both.charAt(1)]),
  );
}

const near = (value: number | undefined, expected: number) =>
  assert.ok(value !== undefined && Math.abs(value - expected) < 0.0005, `${value} is not ${expected}`);

test("Cohen's kappa: it is what the literature says of known tables", () => {
  // Two readers of 50 grant proposals.
  near(cohensKappa(pairs({ yy: 20, yn: 5, ny: 10, nn: 15 })), 0.4);
  // The same share of equal answers, less or more of it by chance.
  near(cohensKappa(pairs({ yy: 45, yn: 15, ny: 25, nn: 15 })), 0.1304);
  near(cohensKappa(pairs({ yy: 25, yn: 35, ny: 5, nn: 35 })), 0.2593);
  // Cohen 1960, three categories in percent.
  near(cohensKappa(pairs({ aa: 44, ab: 5, ac: 1, ba: 7, bb: 20, bc: 3, ca: 9, cb: 5, cc: 6 })), 0.4915);
});

test("Cohen's kappa: it is 1 for equal answers, 0 for chance, below for opposites, and unknown where all are the same", () => {
  near(cohensKappa(pairs({ yy: 3, nn: 4 })), 1);
  near(cohensKappa(pairs({ yy: 1, yn: 1, ny: 1, nn: 1 })), 0);
  near(cohensKappa(pairs({ yn: 1, ny: 1 })), -1);
  assert.equal(cohensKappa(pairs({ yy: 9 })), undefined);
  assert.equal(cohensKappa([]), undefined);
});

test("agreement: of three people on a task it is the share of equal pairs, and each pair has its own", () => {
  const answer = (task_id: number, user_id: number, answer: string) => ({ task_id, user_id, answer });

  const agreement = measureAgreement([
    answer(1, 3, "a"),
    answer(1, 1, "a"),
    answer(1, 2, "b"),
    answer(2, 1, "b"),
    answer(2, 2, "b"),
    answer(3, 1, "a"),
  ]);

  assert.equal(agreement?.tasks, 2);
  assert.equal(agreement?.equal, 2 / 4);
  assert.deepEqual(
    agreement?.pairs.map(({ user_ids, tasks, equal }) => [...user_ids, tasks, equal]),
    [
      [1, 2, 2, 0.5],
      [1, 3, 1, 1],
      [2, 3, 1, 0],
    ],
  );
  assert.equal(measureAgreement([answer(1, 1, "a"), answer(2, 2, "a")]), undefined);
});

test("agreement: choices, ratings and comparisons are compared, in any order, and texts and regions are not", () => {
  const annotation = (completed_by_id: number, ...values: object[]) => ({
    task_id: 1,
    completed_by_id,
    result: JSON.stringify(values.map((value, index) => ({ from_name: `q${index}`, value }))),
  });

  const answers = comparableAnswers([
    annotation(1, { choices: ["z"] }),
    annotation(1, { choices: ["a", "b"] }, { rating: 4 }, { text: ["one"] }, { selected: "left" }),
    annotation(2, { choices: ["b", "a"] }, {}, { text: ["two"] }, { selected: "right" }),
    annotation(2, { choices: ["b", "a"] }, {}, { text: ["two"] }, { selected: "right" }, { start: 0, choices: ["x"] }),
  ]);

  assert.deepEqual([...answers.keys()], ["q0", "q1", "q3"]);
  assert.equal(measureAgreement(answers.get("q0") ?? [])?.equal, 1);
  assert.deepEqual(
    answers.get("q1")?.map(({ answer }) => answer),
    ["4", ""],
  );
  assert.equal(measureAgreement(answers.get("q3") ?? [])?.equal, 0);
});

test("agreement: rankings are equal if each bucket has the same items in the same order", () => {
  const answersOf = (one: object, other: object) =>
    comparableAnswers(
      [one, other].map((ranker, index) => ({
        task_id: 1,
        completed_by_id: index,
        result: JSON.stringify([{ from_name: "q", value: { ranker } }]),
      })),
    ).get("q");
  const equal = (one: object, other: object) => measureAgreement(answersOf(one, other) ?? [])?.equal;

  assert.equal(equal({ good: ["a", "b"], bad: ["c"] }, { bad: ["c"], good: ["a", "b"] }), 1);
  assert.equal(equal({ good: ["a", "b"], bad: ["c"] }, { good: ["b", "a"], bad: ["c"] }), 0);
});

test("agreement: results that no form could have made have no answers", () => {
  for (const result of ["[]", "{}", "[1,null]", '[{"value":null}]', '[{"from_name":"a","value":{}}]'])
    assert.equal(comparableAnswers([{ task_id: 1, completed_by_id: 1, result }]).size, 0);
});
