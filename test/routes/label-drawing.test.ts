import assert from "node:assert/strict";
import { test } from "node:test";
import type { TestContext } from "node:test";

import { startApp } from "../support/app.ts";
import { png } from "../support/images.ts";
import { startLabeling } from "../support/labeling.ts";
import { lineOf, linesOf, read } from "../support/pages.ts";
import type { Page } from "../support/pages.ts";
import { labelField, openLabelPage, press, regionFormBody, save } from "../support/regions.ts";

const image = `data:image/png;base64,${(await png(600, 400)).toString("base64")}`;
const picture = '<Image name="img" value="$image"/>';
const boxes = '<RectangleLabels name="label" toName="img"><Label value="Car"/><Label value="Lake" alias="lk"/></RectangleLabels>'; // prettier-ignore
const outlines =
  '<PolygonLabels name="outline" toName="img" canRotate="false"><Label value="Tree"/></PolygonLabels><KeyPointLabels name="point" toName="img"><Label value="Nose"/></KeyPointLabels><EllipseLabels name="round" toName="img"><Label value="Ball"/></EllipseLabels>';

async function start(t: TestContext, tags = picture + boxes + outlines, task: object = { image }) {
  const app = await startApp(t);
  const session = await startLabeling(app, tags, [task]);
  const [first] = session.tasks;
  assert.ok(first);
  return { app, task: first, browser: session.browser };
}

type Session = Awaited<ReturnType<typeof start>>;

/** Sends what the script of the label page sends. */
async function send(
  { browser, task }: Session,
  page: Page,
  action: string,
  drawn: unknown,
  fields: Record<string, string> = {},
) {
  const text = typeof drawn === "string" ? drawn : JSON.stringify(drawn);
  const body = regionFormBody(page, { ...fields, "region.do": action, "region.drawn": text });
  const answer = await browser.post(`/projects/${task.project_id}/tasks/${task.id}/regions`).type("form").send(body);
  return { status: answer.status, page: read(answer) };
}

const shown = (page: Page) => JSON.parse(String(page('[name="region.result"]').val())) as { id: string; value: object }[]; // prettier-ignore

test("drawing: boxes, polygons, points and ellipses that a script draws are Label Studio's, and end where the picture does", async (t) => {
  const session = await start(t);
  let page = await openLabelPage(session.browser, session.task);
  assert.deepEqual(
    (JSON.parse(page("[data-tools]").attr("data-tools") ?? "") as Record<string, unknown>[]).map((tool) => [tool.name, tool.shape, tool.can_rotate]), // prettier-ignore
    [["label", "rectangle", true], ["outline", "polygon", false], ["point", "keypoint", true], ["round", "ellipse", true]], // prettier-ignore
  );
  for (const [name, label, place] of [
    ["label", "lk", { x: 60.5, y: -3, width: 70, height: 23.25 }],
    ["outline", "Tree", { points: [[10, 10], [50, 10.125], [101, 60]] }], // prettier-ignore
    ["point", "Nose", { x: 12.5, y: 33.333333333333336 }],
    ["round", "Ball", { x: 50, y: 40, radiusX: 10, radiusY: 20.5 }],
  ] as const) {
    const answer = await send(session, page, `draw ${name}`, { item: 0, place }, labelField(name, label));
    assert.equal(answer.status, 200);
    page = answer.page;
  }
  assert.equal(page(".overlay .is-selected [r]").length + page(".overlay .shape.is-selected .outline").length, 1);

  const result = await save(session, page);

  assert.deepEqual(
    result.map(({ value }) => value),
    [
      { x: 60.5, y: 0, width: 39.5, height: 20.25, rotation: 0, rectanglelabels: ["lk"] },
      { points: [[10, 10], [50, 10.125], [100, 60]], closed: true, polygonlabels: ["Tree"] }, // prettier-ignore
      { x: 12.5, y: 33.333333333333336, width: 0.5, keypointlabels: ["Nose"] },
      { x: 50, y: 40, radiusX: 10, radiusY: 20.5, rotation: 0, ellipselabels: ["Ball"] },
    ],
  );
  const { value: _, id, ...members } = result[0] ?? {};
  assert.match(String(id), /^[\w-]{10}$/);
  assert.deepEqual(members, {
    original_width: 600,
    original_height: 400,
    image_rotation: 0,
    from_name: "label",
    to_name: "img",
    type: "rectanglelabels",
    origin: "manual",
  });
});

test("drawing: what is drawn without a label waits for one, and for one that fits", async (t) => {
  const session = await start(t);
  const page = await openLabelPage(session.browser, session.task);
  const drawn = { item: 0, place: { x: 10, y: 10, width: 20, height: 20 } };

  const waiting = await send(session, page, "draw label", drawn);
  assert.equal(waiting.status, 422);
  assert.equal(lineOf(waiting.page("#label-error")), "Choose a label");
  assert.equal(waiting.page(".overlay .is-pending").length, 1);
  const wrong = await press(session.browser, waiting.page, "make", labelField("outline", "Tree"));
  assert.equal(wrong.status, 422);
  assert.match(lineOf(wrong.page("#regions > .error")), /for another shape, polygon: choose one that fits/);
  const marked = await press(session.browser, wrong.page, "make", labelField("label", "Car"));
  assert.deepEqual(linesOf(marked.page, ".region-words"), ["1 Car Box"]);
  assert.equal(marked.page(".overlay .is-pending").length, 0);
});

test("drawing: a region that is moved keeps what was not touched, digit for digit, and is no longer as it was predicted", async (t) => {
  const value = `{"x":21.405049396267835,"y":40.532381997804610,"width":28.649835345773873,"height":2.8e1,"rotation":0,"rectanglelabels":["Car"],"extra":1.0}`;
  const session = await start(t);
  await session.app.repositories.predictions.create(session.task.id, {
    result: `[{"id":"a","from_name":"label","to_name":"img","type":"rectanglelabels","origin":"prediction","value":${value}},{"id":"b","from_name":"point","to_name":"img","type":"keypointlabels","origin":"prediction","value":{"x":1.50,"y":2,"width":0.20,"keypointlabels":["Nose"]}}]`,
    model_version: "m1",
  });
  const page = await openLabelPage(session.browser, session.task);

  const moved = await send(session, page, "reshape a", { item: 0, place: { x: 90 } });
  assert.equal(moved.status, 200);
  assert.match(
    String(moved.page('[name="region.result"]').val()),
    /"value":\{"x":90,"y":40\.532381997804610,"width":10,"height":2\.8e1,"rotation":0,"rectanglelabels":\["Car"\],"extra":1\.0\}/,
  );
  assert.match(
    String(moved.page('[name="region.result"]').val()),
    /"origin":"prediction-changed".*"x":1\.50,"y":2,"width":0\.20/,
  );
  const turned = await send(session, moved.page, "reshape a", { item: 0, place: { x: 95.5, y: 20, rotation: 55.18 } });
  assert.deepEqual(shown(turned.page)[0]?.value, { x: 95.5, y: 20, width: 10, height: 28, rotation: 55.18, rectanglelabels: ["Car"], extra: 1 }); // prettier-ignore
  const back = await press(session.browser, turned.page, "undo");
  assert.deepEqual(shown(back.page), shown(moved.page));
});

test("drawing: an answer to a script says of regions that its page shows already only which they are", async (t) => {
  const session = await start(t);
  let page = await openLabelPage(session.browser, session.task);
  for (const x of [10, 30, 50])
    page = (await send(session, page, "draw label", { item: 0, place: { x, y: 10, width: 10, height: 10 } }, labelField("label", "Car"))).page; // prettier-ignore
  const [first, second] = shown(page).map(({ id }) => id);
  const address = `/projects/${session.task.project_id}/tasks/${session.task.id}/regions`;
  const ask = async (fields: Record<string, string>) => {
    const answer = await session.browser.post(address).set("HX-Request", "true").type("form").send(regionFormBody(page, fields)); // prettier-ignore
    return read(answer);
  };
  const said = (answer: Page) => answer(".region-list > li").toArray().map((each) => answer(each).is("[data-known]:empty")); // prettier-ignore

  const chosen = await ask({ "region.do": `select ${second}` });
  assert.deepEqual(said(chosen), [true, false, false]);
  assert.deepEqual(linesOf(chosen, ".overlay [data-known]").length, 2);
  assert.equal(chosen(".region-list > li").eq(0).attr("id"), page(".region-list > li").eq(0).attr("id"));
  // All numbers behind it are others.
  assert.deepEqual(said(await ask({ "region.do": `delete ${first}` })), [false, false]);
  assert.deepEqual(said(await ask({ "region.whole": "1" })), [false, false, false]);
});

test("drawing: what no script of ours sends marks nothing", async (t) => {
  const session = await start(t);
  const page = await openLabelPage(session.browser, session.task);
  const car = labelField("label", "Car");
  const box = { x: 10, y: 10, width: 20, height: 20 };
  for (const drawn of [
    "{",
    "null",
    '{"item":0,"place":{"x":1e999,"y":0,"width":1,"height":1}}',
    { item: 1, place: box },
    { item: -1, place: box },
    { item: 0, place: { ...box, width: 0 } },
    { item: 0, place: { ...box, x: 100 } },
    { item: 0, place: { ...box, x: "10" } },
    { item: 0, place: { points: [[0, 0], [1, 1], [2, 2]] } }, // prettier-ignore
    { item: 0, place: { x: 10, y: 10 } },
  ]) {
    const answer = await send(session, page, "draw label", drawn, car);
    assert.equal(answer.status, 422, JSON.stringify(drawn));
    assert.equal(answer.page(".region-words").length, 0);
  }
  for (const action of ["draw nothing", "draw", "reshape a", "draw img"])
    assert.equal((await send(session, page, action, { item: 0, place: box }, car)).page(".region-words").length, 0);
});

test("drawing: the page of a task shows over the picture what one annotation has drawn, and leads to what others have", async (t) => {
  const session = await start(t);
  const { app, browser, task } = session;
  const box = (id: string, x: number) => ({ id, type: "rectanglelabels", from_name: "label", to_name: "img", value: { x, y: 10, width: 20, height: 20, rotation: 0, rectanglelabels: ["Car"] } }); // prettier-ignore
  const point = { id: "c", type: "keypointlabels", from_name: "point", to_name: "img", value: { x: 5, y: 6, width: 1, keypointlabels: ["Nose"] } }; // prettier-ignore
  const add = (result: object[]) => app.repositories.annotations.create(task.id, 1, { result: JSON.stringify(result), was_cancelled: false, lead_time: null }); // prettier-ignore
  const first = await add([box("a", 10), box("b", 60), point]);
  await add([box("d", 30)]);
  await add([]);

  const address = `/projects/${task.project_id}/tasks/${task.id}`;
  const newest = read(await browser.get(address).expect(200));
  assert.equal(newest(".picture > img").length, 1);
  assert.deepEqual(newest(".overlay polygon.outline").toArray().map((each) => newest(each).attr("points")), ["30,10 50,10 50,30 30,30"]); // prettier-ignore
  const others = newest(".annotation a").toArray().map((each) => newest(each)).filter((each) => each.text() === "Show on the picture"); // prettier-ignore
  assert.deepEqual(others.map((each) => each.attr("href")), [`${address}?annotation=${first?.id}`]); // prettier-ignore

  const chosen = read(await browser.get(others[0]?.attr("href") ?? "").expect(200));
  assert.equal(chosen(".overlay polygon.outline").length, 2);
  assert.equal(chosen(".overlay circle.dot").length, 1);
  const numbers = chosen(".annotation").last().find("dt .region-number");
  assert.deepEqual(numbers.toArray().map((each) => chosen(each).text()), ["1", "2", "3"]); // prettier-ignore
});
