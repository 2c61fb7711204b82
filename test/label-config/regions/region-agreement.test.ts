import assert from "node:assert/strict";
import { test } from "node:test";

import { timeReader } from "../../../src/label-config/form/series-time.ts";
import { placeOverlap } from "../../../src/label-config/regions/place-overlap.ts";
import { regionAgreement } from "../../../src/label-config/regions/region-agreement.ts";

function span(start: number, end: number, label: string, from_name = "ner") {
  return { id: `${start}`, from_name, type: "labels", value: { start, end, text: "any", labels: [label] } };
}

function annotation(task_id: number, completed_by_id: number, entries: object[]) {
  return { task_id, completed_by_id, result: JSON.stringify(entries) };
}

test("agreement of regions: the same place with the same label is equal, others count by how much they overlap", async () => {
  const agreement = (
    await regionAgreement([
      annotation(1, 1, [span(0, 10, "PER"), span(20, 30, "LOC")]),
      annotation(1, 2, [span(20, 30, "LOC"), span(5, 10, "PER"), span(40, 50, "PER")]),
    ])
  ).get("ner");
  assert.deepEqual(agreement?.pairs, [{ user_ids: [1, 2], tasks: 1, exact: 1 / 2.5, overlap: 1.5 / 2.5 }]);
  assert.equal(agreement?.tasks, 1);
});

test("agreement of regions: another label, another turn or another control is another region", async () => {
  const turn = (at: string) => ({ id: at, from_name: "talk", type: "paragraphlabels", value: { start: at, end: at, startOffset: 0, endOffset: 4, paragraphlabels: ["PER"] } }); // prettier-ignore
  const agreements = await regionAgreement([
    annotation(1, 1, [span(0, 10, "PER"), turn("0")]),
    annotation(1, 2, [span(0, 10, "LOC"), turn("1"), span(0, 10, "PER", "other")]),
  ]);
  for (const name of ["ner", "talk", "other"])
    assert.deepEqual([agreements.get(name)?.exact, agreements.get(name)?.overlap], [0, 0], name);
});

test("agreement of regions: the mean of the tasks that two people share, of all pairs; the last annotation counts", async () => {
  const agreement = (
    await regionAgreement([
      annotation(1, 1, [span(0, 10, "PER")]),
      annotation(1, 2, [span(1, 2, "PER")]),
      annotation(1, 2, [span(0, 10, "PER")]),
      annotation(1, 3, []),
      annotation(2, 1, [span(0, 10, "PER")]),
      annotation(2, 2, []),
      annotation(3, 3, [span(0, 10, "PER")]),
    ])
  ).get("ner");
  assert.deepEqual(
    agreement?.pairs.map(({ user_ids, tasks, exact }) => [...user_ids, tasks, exact]),
    [
      [1, 2, 2, 0.5],
      [1, 3, 1, 0],
      [2, 3, 1, 0],
    ],
  );
  assert.equal(agreement?.tasks, 2);
});

test("agreement of regions: a span of no width is the same as itself, and overlaps with nothing else", () => {
  assert.equal(placeOverlap({ start: 3, end: 3 }, { start: 3, end: 3 }), 1);
  assert.equal(placeOverlap({ start: 3, end: 3 }, { start: 4, end: 4 }), 0);
  assert.equal(placeOverlap({ start: 3, end: 3 }, { rle: [] }), undefined);
});

test("agreement of regions: spans of HTML overlap in its whole text, whichever nodes they are in", () => {
  const place = (start: string, end: string, offsets: [number, number]) => ({ start, startOffset: 0, end, endOffset: 3, globalOffsets: { start: offsets[0], end: offsets[1] } }); // prettier-ignore
  assert.equal(placeOverlap(place("/p[1]/text()[1]", "/p[1]/b[1]/text()[1]", [0, 10]), place("/p[1]/b[1]/text()[1]", "/p[1]/b[1]/text()[1]", [5, 10])), 0.5); // prettier-ignore
  assert.equal(placeOverlap(place("/p[1]/text()[1]", "/p[2]/text()[1]", [0, 10]), { start: 0, end: 10 }), 1);
});

test("agreement of regions: segments of a series overlap by their times, which may be texts", async () => {
  const segment = (start: string, end: string) => ({ id: start, from_name: "ts", type: "timeserieslabels", value: { start: `2026-01-01 ${start}`, end: `2026-01-01 ${end}`, instant: false, timeserieslabels: ["Run"] } }); // prettier-ignore
  const annotations = [annotation(1, 1, [segment("00:00", "00:30")]), annotation(1, 2, [segment("00:10", "00:40")])];
  const readers = new Map([["ts", timeReader("%Y-%m-%d %H:%M")]]);
  assert.equal((await regionAgreement(annotations, readers)).get("ts")?.overlap, 0.5);
  assert.equal((await regionAgreement(annotations)).get("ts")?.overlap, 0);
});
