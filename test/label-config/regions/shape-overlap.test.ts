import assert from "node:assert/strict";
import { test } from "node:test";

import { placeOverlap } from "../../../src/label-config/regions/place-overlap.ts";
import { regionAgreement } from "../../../src/label-config/regions/region-agreement.ts";

const box = (x: number, y: number, width: number, height: number, rotation = 0) => ({ x, y, width, height, rotation });

/** To two decimals. */
function overlap(one: object, other: object): number {
  return Number((placeOverlap({ ...one }, { ...other }) ?? Number.NaN).toFixed(2));
}

test("overlap of shapes: boxes by what both cover of what either does", () => {
  assert.equal(placeOverlap(box(0, 0, 10, 10), box(0, 0, 10, 10)), 1);
  assert.equal(placeOverlap(box(0, 0, 10, 10), box(5, 0, 10, 10)), 1 / 3);
  assert.equal(placeOverlap(box(0, 0, 10, 10), box(10, 0, 10, 10)), 0);
  assert.equal(placeOverlap({ x: 1, y: 1, width: 0.5 }, { x: 1, y: 1, width: 0.5 }), undefined);
});

test("overlap of shapes: turned boxes, ellipses and outlines of any form are measured", () => {
  assert.equal(overlap(box(10, 10, 20, 10), box(20, 10, 10, 20, 90)), 0.33);
  assert.equal(overlap(box(10, 10, 20, 10), box(20, 10, 10, 10, 90)), 0.5);
  const circle = { x: 50, y: 50, radiusX: 10, radiusY: 10, rotation: 0 };
  assert.equal(overlap(circle, circle), 1);
  assert.equal(overlap(circle, box(40, 40, 20, 20)), 0.78);
  const horseshoe = { points: [[0, 0], [30, 0], [30, 30], [20, 30], [20, 10], [10, 10], [10, 30], [0, 30]] }; // prettier-ignore
  assert.equal(overlap(horseshoe, box(0, 0, 30, 30)), 0.78);
  assert.equal(overlap(horseshoe, box(10, 10, 10, 20)), 0);
});

test("agreement of regions: boxes on different pictures of a list are different ones", async () => {
  const entry = (item_index: number) => ({ id: "a", item_index, from_name: "box", type: "rectanglelabels", value: { ...box(0, 0, 10, 10), rectanglelabels: ["Car"] } }); // prettier-ignore
  const of = (user: number, item: number) => ({ task_id: 1, completed_by_id: user, result: JSON.stringify([entry(item)]) }); // prettier-ignore
  for (const [item, share] of [
    [0, 1],
    [1, 0],
  ] as const) {
    // prettier-ignore
    const agreement = (await regionAgreement([of(1, 0), of(2, item)])).get("box");
    assert.deepEqual([agreement?.exact, agreement?.overlap], [share, share]);
  }
});
