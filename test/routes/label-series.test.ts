import assert from "node:assert/strict";
import { test } from "node:test";
import type { TestContext } from "node:test";

import { startApp } from "../support/app.ts";
import { startLabeling } from "../support/labeling.ts";
import { lineOf, linesOf, read } from "../support/pages.ts";
import type { Page } from "../support/pages.ts";
import { clickPicture, labelField, openLabelPage, press, regionFormBody, save } from "../support/regions.ts";

const labels =
  '<TimeSeriesLabels name="label" toName="ts"><Label value="Run"/><Label value="Walk"/></TimeSeriesLabels>';
const series = (attributes: string) =>
  `${labels}<TimeSeries name="ts" value="$ts" ${attributes}><Channel column="v"/><Channel column="w"/></TimeSeries>`;
const numbers = series('valueType="json" timeColumn="time"');
const run = labelField("label", "Run");

/** Times 0, 2, … 198. */
const ts = {
  time: Array.from({ length: 100 }, (_, row) => 2 * row),
  v: Array.from({ length: 100 }, (_, row) => Math.sin(row)),
  w: Array.from({ length: 100 }, (_, row) => row),
};

async function start(t: TestContext, tags = numbers, data: object = { ts }) {
  const app = await startApp(t);
  const session = await startLabeling(app, tags, [data]);
  const [task] = session.tasks;
  assert.ok(task);
  return { ...session, app, task };
}

type Session = Awaited<ReturnType<typeof start>>;

/** Clicks on a line at a place of the width, from 0 to 1. */
async function click({ browser }: Session, page: Page, share: number, { fields = {}, item = 0, width = 640 } = {}) {
  const place = [Math.min(width - 1, Math.round(share * width)), 50];
  return clickPicture(browser, page, { width, place, item }, fields);
}

test("series: two clicks on a line mark a segment between the nearest rows, and the result is Label Studio's", async (t) => {
  const session = await start(t);
  let page = await openLabelPage(session.browser, session.task);
  assert.equal(page(".series").length, 2);
  assert.equal(page('[type="image"]').length, 6);

  const first = await click(session, page, 0.402, { fields: run });
  assert.equal(first.status, 200, first.text);
  assert.match(lineOf(first.page(".regions .note p").first()), /^From “80”: click where it ends\.$/);
  assert.equal(first.page(".overlay .outline.is-pending").length, 2);
  page = (await click(session, first.page, 0.1, { item: 1, width: 320 })).page;
  assert.deepEqual(linesOf(page, ".region-words"), ["1 Run 20 – 80"]);
  assert.equal(page(".overlay polygon.outline").length, 2);
  const [left] = (page(".overlay polygon.outline").attr("points") ?? "").split(",");
  assert.ok(Math.abs(Number(left) - (20 / 198) * 100) < 1e-3);

  page = (await click(session, page, 1, { fields: run })).page;
  page = (await press(session.browser, page, "Only this moment")).page;
  assert.deepEqual(linesOf(page, ".region-words"), ["1 Run 20 – 80", "2 Run 198"]);
  assert.equal(page(".overlay polyline.outline").length, 2);
  page = (await press(session.browser, page, "Start one row earlier")).page;
  page = (await press(session.browser, page, "Start one row later")).page;

  const saved = await save(session, page);

  assert.deepEqual(saved, [
    { value: { start: 20, end: 80, instant: false, timeserieslabels: ["Run"] }, id: saved[0]?.id, from_name: "label", to_name: "ts", type: "timeserieslabels", origin: "manual" }, // prettier-ignore
    { value: { start: 198, end: 198, instant: true, timeserieslabels: ["Run"] }, id: saved[1]?.id, from_name: "label", to_name: "ts", type: "timeserieslabels", origin: "manual" }, // prettier-ignore
  ]);
});

test("series: two times in fields do the same, at the nearest rows; what is none is asked for again", async (t) => {
  const session = await start(t);
  const { browser } = session;
  let page = await openLabelPage(browser, session.task);
  const times = (from: string, to: string) => ({ "region.from.ts": from, "region.to.ts": to });
  const refused = await press(browser, page, "Mark", { ...run, ...times("soon", "300") });
  assert.equal(refused.status, 422);
  assert.equal(lineOf(refused.page("#from-ts-error")), "Enter a time from 0 to 198");
  assert.equal(lineOf(refused.page("#to-ts-error")), "Enter a time from 0 to 198");
  assert.equal(refused.page("#from-ts").val(), "soon");
  page = (await press(browser, page, "Mark", { ...run, ...times("9", "4") })).page;
  assert.equal(lineOf(page("#to-ts-error")), "Enter a later time than the first");

  page = (await press(browser, page, "Mark", { ...run, ...times("8.4", "21.2") })).page;
  page = (await press(browser, page, "enter", { ...run, ...times("35", "") })).page;
  assert.deepEqual(linesOf(page, ".region-words"), ["1 Run 8 – 22", "2 Run 34"]);
  page = (await press(browser, page, "Move", { "region.place.end": "33" })).page;
  assert.equal(lineOf(page("#place-end-error")), "Enter a later time than the first");
  page = (await press(browser, page, "Move", { "region.place.end": "41" })).page;
  assert.deepEqual(linesOf(page, ".region-words"), ["1 Run 8 – 22", "2 Run 34 – 40"]);

  const pressed = await clickPicture(browser, page, { width: 880, place: [0, 0] });
  assert.equal(pressed.page("[autofocus]").attr("id"), "from-ts");
});

test("series: a part of a series is looked at more closely, clicks are in it, and a region that is chosen comes into it", async (t) => {
  const time = Array.from({ length: 4001 }, (_, row) => row);
  const session = await start(t, numbers, { ts: { time, v: time, w: time } });
  const { browser } = session;
  const ends = (page: Page) => linesOf(page, ".series .muted span").slice(0, 2);
  let page = await openLabelPage(browser, session.task);
  assert.equal(page("[disabled][aria-label]").length, 3);
  page = (await press(browser, page, "Mark", { ...run, "region.from.ts": "10", "region.to.ts": "20" })).page;
  page = (await press(browser, page, "close")).page;

  page = (await press(browser, page, "Look closer")).page;
  assert.deepEqual(ends(page), ["1500", "2500"]);
  assert.equal(page(".overlay .outline").length, 0);
  page = (await press(browser, page, "Look closer")).page;
  page = (await click(session, page, 0.25, { fields: run })).page;
  page = (await click(session, page, 0.75)).page;
  assert.equal(linesOf(page, ".region-words")[1], "2 Run 1938 – 2063");
  page = (await press(browser, page, "Look closer")).page;
  assert.deepEqual(ends(page), ["1969", "2032"]);
  page = (await press(browser, page, "Later")).page;
  assert.equal(page("[autofocus]").attr("aria-label"), "Later");
  assert.deepEqual(ends(page), ["2001", "2063"]);
  page = (await press(browser, page, page(".region-words").first().attr("value") ?? "")).page;
  assert.deepEqual(ends(page), ["0", "62"]);
  assert.equal(page(".overlay polygon.outline").length, 2);
  for (let times = 0; times < 3; times++) page = (await press(browser, page, "Show more")).page;
  assert.deepEqual(ends(page), ["0", "4000"]);
  for (const view of ["1-0", "0-2", "0.5", "x", "0.5-0.5"]) {
    const answer = await press(browser, page, "close", { "region.view.ts": view });
    assert.deepEqual(ends(answer.page), ["0", "4000"], view);
  }
});

test("series: times of a format are stored as the rows have them, from a file of this server too", async (t) => {
  const setup = series('valueType="url" timeColumn="time" timeFormat="%Y-%m-%d %H:%M:%S.%f"');
  const session = await start(t, setup, { ts: "/data/upload/1/gone.csv" });
  const { browser, app, project } = session;
  const gone = await openLabelPage(browser, session.task);
  assert.equal(gone('[type="image"], #from-ts').length, 0);
  const time = (second: number) => `2026-01-01 00:00:${String(second).padStart(2, "0")}.500000`;
  const csv = `time,v,w\n${Array.from({ length: 60 }, (_, row) => `${time(row)},${row},1`).join("\n")}\n`;
  const { body } = await browser
    .post(`/api/projects/${project.id}/import?commit_to_project=false`)
    .attach("file", Buffer.from(csv), "ts.csv")
    .expect(201);
  const { body: file } = await browser.get(`/api/import/file-upload/${body.file_upload_ids[0]}`).expect(200);
  const data = JSON.stringify({ ts: `/data/${file.file}` });
  const task = await app.repositories.tasks.create(project, { data, meta: "{}" }, 2);

  let page = await openLabelPage(browser, task);
  page = (await click(session, page, 0, { fields: run })).page;
  page = (await click(session, page, 0.5)).page;
  page = (await press(browser, page, "Mark", { ...run, "region.from.ts": "2026-01-01 00:00:58.9", "region.to.ts": "" }))
    .page;
  const saved = await save({ ...session, task }, page);

  assert.deepEqual(
    saved.map(({ value }) => value),
    [
      { start: time(0), end: time(30), instant: false, timeserieslabels: ["Run"] },
      { start: time(58), end: time(58), instant: true, timeserieslabels: ["Run"] },
    ],
  );
});

test("series: rows without times are counted from 1 on the page, and from 0 in results", async (t) => {
  const session = await start(t, series('valueType="json"'));
  let page = await openLabelPage(session.browser, session.task);
  assert.equal(lineOf(page('[for="from-ts"]')), "From row");
  page = (await press(session.browser, page, "Mark", { ...run, "region.from.ts": "1", "region.to.ts": "10" })).page;
  assert.deepEqual(linesOf(page, ".region-words"), ["1 Run 1 – 10"]);
  assert.equal(page("#place-end").val(), "10");
  const [segment] = await save(session, page);
  assert.deepEqual(segment?.value, { start: 0, end: 9, instant: false, timeserieslabels: ["Run"] });
});

test("series: predictions are drawn as such and moved row by row, questions about a segment repeat it, and what nobody touched stays", async (t) => {
  const question = '<Choices name="kind" toName="ts" perRegion="true" required="true"><Choice value="Odd"/></Choices>';
  const session = await start(t, numbers + question);
  const { app, browser, task } = session;
  const segment = (id: string, value: object) => ({ id, from_name: "label", to_name: "ts", type: "timeserieslabels", value: { ...value, timeserieslabels: ["Walk"] } }); // prettier-ignore
  const result = [segment("a", { start: 8.25, end: 20 }), segment("b", { start: 500, end: 600 }), segment("c", {})];
  await app.repositories.predictions.create(task.id, { result: JSON.stringify(result), model_version: "m", score: 1 });
  let page = await openLabelPage(browser, task);
  assert.deepEqual(linesOf(page, ".region-problem"), ["It goes beyond the series.", "It has no place in this series."]);
  assert.equal(page(".overlay .is-predicted .outline").length, 2);
  page = (await press(browser, page, "select a")).page;
  page = (await press(browser, page, "End one row later", { "region.answer.kind": "Odd" })).page;
  for (const id of ["b", "c"]) page = (await press(browser, page, `delete ${id}`)).page;

  const saved = await save(session, page);

  const place = { start: 8.25, end: 22, instant: false };
  assert.deepEqual(
    saved.map(({ type, origin, value }) => [type, origin, value]),
    [
      ["timeserieslabels", "prediction-changed", { ...place, timeserieslabels: ["Walk"] }],
      ["choices", "prediction-changed", { ...place, choices: ["Odd"] }],
    ],
  );
  const answered = read(await browser.get(`/projects/${session.project.id}/tasks/${task.id}`).expect(200));
  assert.deepEqual(linesOf(answered, ".answers dt"), ["1 label", "1 Kind"]);
  assert.equal(linesOf(answered, ".answers dd")[0], "Walk – 8.25 – 22");
  assert.equal(lineOf(answered(".annotation-drawing")), "Drawn on the series above");
  assert.equal(answered(".drawn-series .overlay polygon.outline").length, 2);
});

test("series: what drags send marks a segment and moves its ends, and what no page sends does nothing", async (t) => {
  const session = await start(t);
  let page = await openLabelPage(session.browser, session.task);
  const send = async (action: string, fields: Record<string, string> = {}) => {
    const { id: task, project_id } = session.task;
    const body = regionFormBody(page, { ...fields, "region.do": action });
    page = read(await session.browser.post(`/projects/${project_id}/tasks/${task}/regions`).type("form").send(body));
    return linesOf(page, ".region-words");
  };
  assert.deepEqual(await send("mark ts 0 640 300,0 100,0", run), ["1 Run 32 – 92"]);
  const id = page(".region-editor").attr("data-region");
  assert.deepEqual(await send(`move-ends 640:0:- ${id}`), ["1 Run 0 – 92"]);
  assert.deepEqual(await send(`move-ends 640:-:639 ${id}`), ["1 Run 0 – 198"]);
  assert.deepEqual(await send(`move-ends 640:500:400 ${id}`), ["1 Run 124 – 154"]);
  for (const action of [
    "move-ends 640:700:- x",
    `move-ends 640:700:- ${id}`,
    `move-ends 1-2 ${id}`,
    `move-ends :: ${id}`,
  ])
    assert.deepEqual(await send(action), ["1 Run 124 – 154"], action);
});
