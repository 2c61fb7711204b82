import assert from "node:assert/strict";
import { test } from "node:test";

import { up } from "../../migrations/20261128200000_count_results.ts";
import { startApi } from "../support/api.ts";
import { addProject } from "../support/projects.ts";

const source = { to_name: "image", from_name: "label", original_width: 10, original_height: 10 };
const rectangle = { x: 1, y: 1, width: 5, height: 5, rotation: 0 };
const label_config = `<View><Image name="image" value="$image"/>
  <RectangleLabels name="label" toName="image"><Label value="Car"/></RectangleLabels>
  <Choices name="colour" toName="image" perRegion="true"><Choice value="red"/><Choice value="blue"/></Choices></View>`;

/** A rectangle and the choice made for it: two entries about one region. */
const result = [
  { ...source, id: "r1", type: "rectanglelabels", value: { ...rectangle, rectanglelabels: ["Car"] } },
  { ...source, id: "r1", from_name: "colour", type: "choices", value: { choices: ["red"] } },
];

test("result count: a rectangle with a choice of its own is one, whichever way it comes", async (t) => {
  const { owner, database, repositories } = await startApi(t);
  const project = await addProject({ repositories }, owner.user, { label_config });
  const data = { image: "https://example.com/car.png" };
  await owner
    .script("post", `/api/projects/${project.id}/import`, [
      { data, annotations: [{ result }], predictions: [{ result }] },
    ])
    .expect(201);
  const [task] = await repositories.tasks.list(project.id, { offset: 0, limit: 1 });
  assert.ok(task);
  const made = await owner.script("post", `/api/tasks/${task.id}/annotations/`, { result }).expect(201);
  const changed = await owner.script("post", `/api/tasks/${task.id}/annotations/`, { result: [] }).expect(201);
  await owner.script("patch", `/api/annotations/${changed.body.id}/`, { result }).expect(200);
  await owner.script("patch", `/api/annotations/${made.body.id}/`, { lead_time: 2 }).expect(200);
  await owner
    .script("post", `/api/dm/actions/?id=predictions_to_annotations&project=${project.id}`, {
      selectedItems: { all: true, excluded: [] },
    })
    .expect(200);

  const exported = await owner.script("get", `/api/projects/${project.id}/export?exportType=JSON`).expect(200);
  const counts = (exported.body as { annotations: { result_count: number }[] }[])[0]?.annotations;
  assert.deepEqual(
    counts?.map(({ result_count }) => result_count),
    [1, 1, 1, 1],
  );

  // What was counted in another way before is put right.
  await database("annotations").where({ id: made.body.id }).update({ result_count: 2 });
  await up(database);
  assert.deepEqual(await database("annotations").distinct().pluck("result_count"), [1]);
});
