import assert from "node:assert/strict";
import { test } from "node:test";

import { formatEntries, parseEntries } from "../../../src/label-config/regions/entries.ts";
import type { Marker } from "../../../src/label-config/regions/markers.ts";
import {
  addRegion,
  answerRegion,
  labelRegion,
  moveRegion,
  regionsOf,
  removeRegion,
} from "../../../src/label-config/regions/regions.ts";
import type { Region } from "../../../src/label-config/regions/regions.ts";
import { changeRelation, relate, relationsOf, removeRelation } from "../../../src/label-config/regions/relations.ts";
import { formatUndo, parseUndo, rememberChange, undoChange } from "../../../src/label-config/regions/undo.ts";

const palette = (name: string, type: string) => ({ name, type, labels: [], is_multiple: false, is_inline: true });
const spans: Marker = { name: "label", type: "labels", target: "text", palette: palette("label", "labels") };
const boxes: Marker = { name: "box", type: "rectangle", target: "img", palette: palette("kind", "labels") };

const digits = '{"start":4,"end":7,"text":"two","labels":["PER"],"weight":0.10000000000000000555}';
const around = '"from_name":"label","to_name":"text","type":"labels"';
const span = `{"value":${digits},"id":"one",${around},"origin":"manual","score":0.90}`;
const other = `{"value":{"start":0,"end":3,"text":"One","labels":["LOC"]},"id":"two",${around},"origin":"prediction"}`;
const mood =
  '{"value":{"choices":["day"]},"id":"task","from_name":"mood","to_name":"text","type":"choices","origin":"manual"}';
const mask =
  '{"value":{"format":"rle","rle":[0,14,166.0]},"id":"mask","from_name":"brush","to_name":"img","type":"brushlabels"}';
const relation = '{"from_id":"one","to_id":"two","type":"relation","direction":"right"}';
const whole = `[${[span, other, mask, mood, relation].join(",")}]`;

function regionIn(entries: ReturnType<typeof parseEntries>, id: string, marker = spans): Region {
  const region = regionsOf(entries, [marker]).find((each) => each.id === id);
  assert.ok(region);
  return region;
}

/** The values of a region's entries, by the names of their controls. */
function valuesOf(entries: ReturnType<typeof parseEntries>, id: string): [unknown, unknown][] {
  return entries.filter(({ members }) => members.id === id).map(({ members }) => [members.from_name, members.value]);
}

test("regions: what nobody touched is written as it came, digit for digit", () => {
  assert.equal(formatEntries(parseEntries(whole)), whole);
  const regions = regionsOf(parseEntries(whole), [spans]);
  assert.deepEqual(
    regions.map(({ id, labels, origin }) => [id, labels, origin]),
    [
      ["one", ["PER"], "manual"],
      ["two", ["LOC"], "prediction"],
    ],
  );
});

test("regions: a region that moves keeps its id, its place in the result and all else that is in it", () => {
  const entries = parseEntries(whole);
  const moved = moveRegion(entries, regionIn(entries, "one"), { start: 5, end: 9, text: "wo t" });
  assert.equal(
    formatEntries(moved),
    whole.replace('"start":4,"end":7,"text":"two"', '"start":5,"end":9,"text":"wo t"'),
  );
});

test("regions: what a prediction said becomes changed when it is moved, relabeled or answered", () => {
  const entries = parseEntries(whole);
  const region = regionIn(entries, "two");
  const answer = { name: "sure", type: "rating", target: "text", value: { rating: 3 } };
  for (const changed of [
    moveRegion(entries, region, { start: 1 }),
    labelRegion(entries, region, ["PER"]),
    answerRegion(entries, region, answer, []),
  ])
    assert.equal(regionIn(changed, "two").origin, "prediction-changed");
});

test("regions: a new one stands behind the others, before the answers about the task and the relations", () => {
  const { entries, id } = addRegion(parseEntries(whole), spans, {
    place: { start: 8, end: 11, text: "six" },
    labels: ["PER", "LOC"],
  });
  assert.match(id, /^[\w-]{10}$/);
  const added = `{"value":{"start":8,"end":11,"text":"six","labels":["PER","LOC"]},"id":"${id}","from_name":"label","to_name":"text","type":"labels","origin":"manual"}`;
  assert.equal(formatEntries(entries), `[${[span, other, mask, added, mood, relation].join(",")}]`);
});

test("regions: a shape with the labels of another control is two entries, with all that surrounds them", () => {
  const place = { x: 1, y: 2, width: 3, height: 4, rotation: 0 };
  const members = { original_width: 600, original_height: 400, image_rotation: 0 };
  const { entries, id } = addRegion([], boxes, { place, labels: ["Car"], members });
  const ids = { id, to_name: "img", origin: "manual" };
  assert.deepEqual(
    entries.map(({ members }) => members),
    [
      { ...members, value: place, ...ids, from_name: "box", type: "rectangle" },
      { ...members, value: { ...place, labels: ["Car"] }, ...ids, from_name: "kind", type: "labels" },
    ],
  );
  assert.deepEqual(regionIn(entries, id, boxes).labels, ["Car"]);
  const without = labelRegion(entries, regionIn(entries, id, boxes), []);
  assert.deepEqual(valuesOf(without, id), [["box", place]]);
  const again = labelRegion(without, regionIn(without, id, boxes), ["Tree"]);
  assert.deepEqual(valuesOf(again, id).at(-1), ["kind", { ...place, labels: ["Tree"] }]);
});

test("regions: answers about a region repeat its place, in the order of the questions, and move along", () => {
  let { entries, id } = addRegion([], spans, { place: { start: 0, end: 3, text: "One" }, labels: ["PER"] });
  const answer = (name: string, type: string, value: Record<string, unknown> | undefined, before: string[]) => {
    entries = answerRegion(entries, regionIn(entries, id), { name, type, target: "text", value }, before);
  };
  answer("why", "textarea", { text: ["because"] }, ["sure"]);
  answer("sure", "rating", { rating: 3 }, []);
  assert.deepEqual(valuesOf(entries, id), [
    ["label", { start: 0, end: 3, text: "One", labels: ["PER"] }],
    ["sure", { start: 0, end: 3, text: "One", rating: 3 }],
    ["why", { start: 0, end: 3, text: ["because"] }],
  ]);
  entries = moveRegion(entries, regionIn(entries, id), { start: 4, end: 7, text: "two" });
  answer("sure", "rating", undefined, []);
  assert.deepEqual(valuesOf(entries, id), [
    ["label", { start: 4, end: 7, text: "two", labels: ["PER"] }],
    ["why", { start: 4, end: 7, text: ["because"] }],
  ]);
});

test("regions: a deleted one takes its answers and its relations with it, and nothing else", () => {
  const entries = parseEntries(whole);
  const answered = answerRegion(entries, regionIn(entries, "one"), { name: "sure", type: "rating", target: "text", value: { rating: 1 } }, []); // prettier-ignore
  assert.equal(formatEntries(removeRegion(answered, regionIn(answered, "one"))), `[${[other, mask, mood].join(",")}]`);
});

test("regions: one of a control that is gone is that of another control of its type on the object", () => {
  const entries = parseEntries(`[${span.replace('"label"', '"gone"')}]`);
  assert.equal(regionIn(entries, "one").marker.name, "label");
  assert.deepEqual(regionsOf(parseEntries(`[${mask}]`), [spans, boxes]), []);
});

test("relations: they have a direction and labels, stand last, and are there once", () => {
  const entries = parseEntries(`[${[span, other, mood].join(",")}]`);
  const related = relate(entries, { from_id: "one", to_id: "two", direction: "bi", labels: ["founded"] });
  assert.equal(
    related.at(-1)?.json,
    '{"from_id":"one","to_id":"two","type":"relation","direction":"bi","labels":["founded"]}',
  );
  assert.equal(relate(related, { from_id: "one", to_id: "two", direction: "left", labels: [] }).length, 4);
  const [first] = relationsOf(related);
  assert.ok(first);
  const changed = changeRelation(related, first, { direction: "left", labels: [] });
  assert.deepEqual(relationsOf(changed)[0], { ...first, direction: "left", labels: [] });
  assert.equal(formatEntries(removeRelation(related, first)), formatEntries(entries));
});

test("undo: each of several changes is taken back, the last one first, to the same digits", () => {
  const states = [parseEntries(whole)];
  const change = (next: ReturnType<typeof parseEntries>) => {
    states.push(next);
  };
  change(moveRegion(states[0] ?? [], regionIn(states[0] ?? [], "one"), { start: 1 }));
  change(addRegion(states[1] ?? [], spans, { place: { start: 8, end: 11 }, labels: [] }).entries);
  change(removeRegion(states[2] ?? [], { id: "one" }));
  let steps = states.slice(1).reduce((all, after, index) => rememberChange(all, states[index] ?? [], after), [] as ReturnType<typeof parseUndo>); // prettier-ignore
  assert.deepEqual(rememberChange(steps, states[3] ?? [], states[3] ?? []), steps);
  let entries = states[3] ?? [];
  for (const expected of states.slice(0, -1).reverse()) {
    ({ entries, steps } = undoChange(entries, parseUndo(formatUndo(steps))));
    assert.equal(formatEntries(entries), formatEntries(expected));
  }
  assert.deepEqual(undoChange(entries, steps), { entries, steps: [] });
});

test("undo: what is no list of steps is none", () => {
  for (const text of [
    "",
    "x",
    "{}",
    '[{"at":-1,"count":0,"entries":[]}]',
    '[{"at":0,"count":0,"entries":["1"]}]',
    '[{"at":0,"count":0,"entries":["{},{}"]}]',
  ])
    // prettier-ignore
    assert.deepEqual(parseUndo(text), [], text);
});
