import assert from "node:assert/strict";
import { test } from "node:test";

import type { Annotation } from "../../../src/repositories/labeling/annotations.ts";
import { assertCountersMatch } from "../../support/counters.ts";
import { deleteProject, openRecords } from "../../support/records.ts";
import type { Records } from "../../support/records.ts";

/** Numbers from 0 up to, and without, the one that is asked for; the same ones for the same seed. */
function dice(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % sides;
  };
}

/** Three people in two projects of four tasks each, and one change after another that a number chooses. */
async function start(records: Records, throwDice: (sides: number) => number) {
  const { repositories, database } = records;
  const one = <Item>(items: Item[]) => items[throwDice(items.length)] as Item;
  const yes = () => throwDice(2) === 0;
  const first = (await records.addPeople(4))[0];
  assert.ok(first);
  for (let made = 0; made < 2; made++) await records.addTasks(await records.addProject(first), 4);

  const ids = (table: string): Promise<number[]> => database(table).orderBy("id").pluck("id");
  const annotation = async () => one(await ids("annotations")) ?? 0;
  const person = async () => one(await ids("users"));
  const flags = () => ({ was_cancelled: yes(), ground_truth: yes() });
  const settings = [
    { maximum_annotations: 1 },
    { maximum_annotations: 2 },
    { skip_queue: "IGNORE_SKIPPED" },
    { skip_queue: "REQUEUE_FOR_ME" },
  ] as const;

  const annotate = async (): Promise<Annotation | undefined> =>
    repositories.annotations.create(one(await ids("tasks")), await person(), flags());
  const often = [
    annotate,
    annotate,
    annotate,
    async () => repositories.annotations.update(await annotation(), await person(), flags()),
    async () => repositories.annotations.update(await annotation(), 1, { completed_by_id: await person() }),
    async () => repositories.annotations.delete(await annotation()),
    async () => repositories.predictions.create(one(await ids("tasks")), {}),
    async () => repositories.predictions.delete(one(await ids("predictions")) ?? 0),
    async () => repositories.projects.update(one(await ids("projects")), one([...settings])),
  ];
  const seldom = [
    async () => repositories.tasks.delete(one(await ids("tasks"))),
    async () => repositories.users.delete((await ids("users")).at(-1) ?? 0),
    async () => repositories.projects.delete((await ids("projects")).at(-1) ?? 0),
    async () => repositories.users.delete((await ids("users")).at(-1) ?? 0),
    async () => deleteProject(repositories, { id: (await ids("projects")).at(-1) ?? 0 }),
  ];
  return { often: async () => one(often)(), seldom };
}

for (const seed of [1, 22, 333, 4444]) {
  test(`many changes: all numbers are right after each of many changes of every kind, begun with ${seed}`, async (t) => {
    const records = await openRecords(t);
    const { often, seldom } = await start(records, dice(seed));

    for (const change of seldom) {
      for (let count = 0; count < 15; count++) {
        await often();
        await assertCountersMatch(records.repositories);
      }
      await change();
      await assertCountersMatch(records.repositories);
    }

    assert.ok((await records.database("annotations")).length > 0);
  });
}
