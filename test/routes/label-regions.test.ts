import assert from "node:assert/strict";
import { test } from "node:test";
import type { TestContext } from "node:test";

import { startApp } from "../support/app.ts";
import { labelFormBody, startLabeling } from "../support/labeling.ts";
import { lineOf, linesOf, read } from "../support/pages.ts";
import type { Page } from "../support/pages.ts";
import { addProject, addTasks } from "../support/projects.ts";
import { labelField, openLabelPage, press, pressWord, regionFormBody, save, savedResult } from "../support/regions.ts";

const text = "Zoë 👩‍🚀 flew to Köln.\nShe met Bob & Ann.\r\n<b>Third</b> line ends.";
const labels =
  '<Labels name="label" toName="text"><Label value="PER" hotkey="p"/><Label value="LOC" alias="place" background="red"/></Labels>';
const setup = `<Text name="text" value="$text"/>${labels}<Choices name="mood" toName="text"><Choice value="Good"/></Choices>`;
const per = labelField("label", "PER");
const place = labelField("label", "place");

async function start(t: TestContext, tags = setup, data: object = { text }) {
  const app = await startApp(t);
  const session = await startLabeling(app, tags, [data]);
  const [task] = session.tasks;
  assert.ok(task);
  return { app, task, browser: session.browser, user: session.user, project: session.project };
}

type Session = Awaited<ReturnType<typeof start>>;

/** Marks a span from word to word. */
async function markSpan(
  { browser }: Pick<Session, "browser">,
  page: Page,
  [first, last]: [string, string],
  label: Record<string, string>,
): Promise<Page> {
  // prettier-ignore
  const pending = await pressWord(browser, page, first, label);
  assert.equal(pending.status, 200, pending.text);
  const marked = await pressWord(browser, pending.page, last);
  assert.equal(marked.status, 200, marked.text);
  return marked.page;
}

/** The values of a result, without ids. */
function valuesOf(result: Record<string, unknown>[]): unknown[] {
  return result.map(({ value }) => value);
}

test("regions: spans are marked word by word, and written as Label Studio writes them", async (t) => {
  const session = await start(t);
  let page = await openLabelPage(session.browser, session.task);
  page = await markSpan(session, page, ["Zoë", "Zoë"], per);
  page = await markSpan(session, page, ["👩‍🚀", "👩‍🚀"], place);
  page = await markSpan(session, page, ["Köln", "Köln"], place);
  page = await markSpan(session, page, ["She", "flew"], per);
  page = await markSpan(session, page, ["Third", "line"], per);
  assert.equal((await session.app.repositories.annotations.listByTasks([session.task.id])).length, 0);

  const result = await save(session, page);

  for (const { id, from_name, to_name, type, origin } of result) {
    assert.match(String(id), /^[\w-]{10}$/);
    assert.deepEqual([from_name, to_name, type, origin], ["label", "text", "labels", "manual"]);
  }
  assert.deepEqual(valuesOf(result), [
    { start: 0, end: 3, text: "Zoë", labels: ["PER"] },
    { start: 4, end: 7, text: "👩‍🚀", labels: ["place"] },
    { start: 16, end: 20, text: "Köln", labels: ["place"] },
    { start: 8, end: 25, text: String.raw`flew to Köln.\nShe`, labels: ["PER"] },
    { start: 45, end: 59, text: "Third</b> line", labels: ["PER"] },
  ]);
  assert.deepEqual(Object.keys(result[0] ?? {}), ["value", "id", "from_name", "to_name", "type", "origin"]);
});

test("regions: all other answers are kept between two clicks, and saved with the regions", async (t) => {
  const session = await start(t);
  const page = await openLabelPage(session.browser, session.task);
  const first = await pressWord(session.browser, page, "Köln", { ...place, "answer.mood": "Good" });
  assert.equal(first.page('[name="answer.mood"]').is(":checked"), true);
  assert.match(lineOf(first.page("#regions .note")), /From “Köln”: choose the last word/);
  const second = await press(session.browser, first.page, "Only this");

  const result = await save(session, second.page);

  assert.deepEqual(
    result.map(({ type }) => type),
    ["labels", "choices"],
  );
});

test("regions: without a label nothing is marked, and what was clicked waits for one", async (t) => {
  const session = await start(t);
  const page = await openLabelPage(session.browser, session.task);
  const first = await pressWord(session.browser, page, "flew");
  const second = await pressWord(session.browser, first.page, "Köln");
  assert.equal(second.status, 422);
  assert.match(lineOf(second.page("#label-error")), /Choose a label/);
  assert.match(lineOf(second.page("#regions .note")), /“flew to Köln”/);

  const marked = await press(session.browser, second.page, "Mark it", per);

  assert.equal(marked.status, 200);
  assert.deepEqual(linesOf(marked.page, ".region-words"), ["1 PER flew to Köln"]);
});

test("regions: a region is chosen, relabeled, moved by numbers and by characters, and deleted; each step is taken back", async (t) => {
  const session = await start(t);
  const { browser } = session;
  let page = await openLabelPage(browser, session.task);
  page = await markSpan(session, page, ["Köln", "Köln"], place);
  const numbers = (shown: Page) => ["start", "end"].map((name) => shown(`[name="region.place.${name}"]`).val());
  assert.deepEqual(numbers(page), ["16", "20"]);

  page = (await press(browser, page, "One character less at the start")).page;
  assert.deepEqual(numbers(page), ["17", "20"]);
  page = (await press(browser, page, "One character more at the end", { "region.labels": "PER" })).page;
  assert.deepEqual(linesOf(page, ".region-words"), ["1 PER öln."]);
  page = (await press(browser, page, "Move", { "region.place.start": "0", "region.place.end": "7" })).page;
  assert.deepEqual(linesOf(page, ".region-words"), ["1 PER Zoë 👩‍🚀"]);
  page = (await press(browser, page, page('[aria-label="Delete 1"]').attr("value") ?? "")).page;
  assert.deepEqual(linesOf(page, ".region-words"), []);
  const steps: string[][] = [];
  while (page('button[value="undo"]').length > 0) {
    page = (await press(browser, page, "Undo")).page;
    steps.push(linesOf(page, ".region-words"));
  }
  assert.deepEqual(steps, [["1 PER Zoë 👩‍🚀"], ["1 PER öln."], ["1 PER öln"], ["1 LOC öln"], ["1 LOC Köln"], []]);
});

test("regions: numbers that can't be are asked for again, and nothing is lost", async (t) => {
  const session = await start(t);
  let page = await openLabelPage(session.browser, session.task);
  page = await markSpan(session, page, ["Köln", "Köln"], place);

  const wrong = { "region.place.start": "30", "region.place.end": "x" };
  const refused = await press(session.browser, page, "Move", wrong);

  assert.equal(refused.status, 422);
  assert.equal(refused.page('[name="region.place.end"]').val(), "x");
  assert.match(lineOf(refused.page("#place-end-error")), /Enter a whole number up to/);
  const submitted = await press(session.browser, page, "Submit Ctrl Enter", wrong);
  assert.equal(submitted.status, 422);
  assert.match(submitted.text, /Not saved yet: one answer needs a change/);
});

test("regions: overlapping spans are shown each with its label, in lines of their own", async (t) => {
  const session = await start(t);
  let page = await openLabelPage(session.browser, session.task);
  page = await markSpan(session, page, ["flew", "Köln"], per);
  page = await markSpan(session, page, ["Köln", "Bob"], place);

  const koeln = page(".word:contains(Köln)");
  assert.equal(koeln.find("mark mark").text(), "Köln");
  assert.deepEqual(koeln.find("mark").toArray().map((each) => page(each).attr("class")), ["span hue-1 lane-0", "span hue-3 lane-1 is-selected"]); // prettier-ignore
  assert.deepEqual(linesOf(page, ".span-label"), ["PER 1", "LOC 2"]);
  assert.equal(page("[style]").length, 0);
});

test("regions: the text of a span is found to the character; where it is several times, one chooses", async (t) => {
  const session = await start(t, setup, { text: "Ann and Anna met\r\nBob." });
  const { browser } = session;
  const find = (page: Page, sought: string, label = per) =>
    press(browser, page, "Find", { ...label, "region.find.text": sought });
  let page = await openLabelPage(browser, session.task);

  const nothing = await find(page, "Zoë");
  assert.equal(nothing.status, 422);
  assert.match(lineOf(nothing.page("#find-text-error")), /Not in this text/);
  page = (await find(page, "met\nBo")).page;
  assert.deepEqual(linesOf(page, ".region-words"), ["1 PER met Bo"]);
  page = (await find(page, "Ann")).page;
  assert.deepEqual(linesOf(page, ".match"), ["…Ann and Anna met Bob.…", "…Ann and Anna met Bob.…"]);
  page = (await press(browser, page, page(".match").last().attr("value") ?? "")).page;

  const result = await save(session, page);
  assert.deepEqual(valuesOf(result), [
    { start: 13, end: 20, text: String.raw`met\nBo`, labels: ["PER"] },
    { start: 8, end: 11, text: "Ann", labels: ["PER"] },
  ]);
});

test("regions: Enter in the field that finds a text finds it, and submits nothing", async (t) => {
  const session = await start(t);
  const page = await openLabelPage(session.browser, session.task);
  const found = await press(session.browser, page, "enter", { ...per, "region.find.text": "Bob" });

  assert.equal(found.status, 200);
  assert.deepEqual(linesOf(found.page, ".region-words"), ["1 PER Bob"]);
  assert.deepEqual(await savedResult(session.app, session.task), []);
});

test("regions: what a browser selects is marked or moves the chosen region, its ends are dragged, and anything else is refused", async (t) => {
  const session = await start(t);
  let page = await openLabelPage(session.browser, session.task);
  assert.equal(page('script[src$="/spans.js"]').length, 1);
  const other = await addProject(session.app, session.user);
  await addTasks(session.app, other, ["Nothing is marked here."]);
  const without = await session.browser.get(`/projects/${other.id}/label`).expect(200);
  assert.doesNotMatch(without.text, /spans\.(?:js|css)/);
  const send = async (action: string, fields = {}) => {
    const body = regionFormBody(page, { ...fields, "region.do": action });
    const address = page("[data-address]").attr("data-address") ?? "";
    const answer = await session.browser.post(address).type("form").send(body);
    page = read(answer);
    return answer.status;
  };
  // Browsers count five units for the rocket, and one for CR LF.
  assert.equal(await send("mark-text text 0 4-9", per), 200);
  assert.equal(await send("mark-text text 0 38-45", place), 200);
  assert.deepEqual(linesOf(page, ".region-words"), ["1 PER 👩‍🚀", "2 LOC Ann. <b"]);
  assert.equal(await send("drag-end start 36"), 200);
  assert.equal(await send("mark-text text 0 100-200"), 422);
  assert.equal(await send("move-text other 0 0-3"), 422);
  assert.match(lineOf(page("#regions")), /Select a part of the text of this region/);
  assert.equal(await send("drag-end start 900"), 200);
  const id = String(page('[value^="select "]').attr("value"));
  assert.equal(await send(id), 200);
  assert.equal(await send("move-text text 0 0-9"), 200);
  assert.deepEqual(page("mark.is-selected").toArray().map((each) => [page(each).is("[data-starts]"), page(each).is("[data-ends]")]), [[true, false], [false, false], [false, true]]); // prettier-ignore

  assert.deepEqual(valuesOf(await save(session, page)), [
    { start: 0, end: 7, text: "Zoë 👩‍🚀", labels: ["PER"] },
    { start: 34, end: 44, text: String.raw`& Ann.\n<b`, labels: ["place"] },
  ]);
});

test("regions: a span grows to whole words where the setup says so", async (t) => {
  const session = await start(t, setup.replace('value="$text"', 'value="$text" granularity="word"'));
  let page = await openLabelPage(session.browser, session.task);
  page = (await press(session.browser, page, "Find", { ...place, "region.find.text": "öl" })).page;
  assert.deepEqual(linesOf(page, ".region-words"), ["1 LOC Köln"]);
  page = (await press(session.browser, page, "One word more at the start")).page;
  assert.deepEqual(linesOf(page, ".region-words"), ["1 LOC to Köln"]);
});

test("regions: a span grows to whole sentences or paragraphs where the setup says so", async (t) => {
  const grown = async (granularity: string, step: string) => {
    const session = await start(t, setup.replace('value="$text"', `value="$text" granularity="${granularity}"`));
    let page = await openLabelPage(session.browser, session.task);
    page = (await press(session.browser, page, "Find", { ...place, "region.find.text": "öl" })).page;
    const first = linesOf(page, ".region-words");
    page = (await press(session.browser, page, step)).page;
    const [value] = valuesOf(await save(session, page)) as { start: number; end: number; text: string }[];
    return [first, value?.start, value?.end, value?.text];
  };

  assert.deepEqual(await grown("sentence", "One sentence more at the end"), [
    ["1 LOC Zoë 👩‍🚀 flew to Köln."],
    0,
    40,
    String.raw`Zoë 👩‍🚀 flew to Köln.\nShe met Bob & Ann.`,
  ]);
  assert.deepEqual(await grown("paragraph", "One paragraph more at the end"), [
    ["1 LOC Zoë 👩‍🚀 flew to Köln."],
    0,
    40,
    String.raw`Zoë 👩‍🚀 flew to Köln.\nShe met Bob & Ann.`,
  ]);
});

test("regions: a label that may be used once is refused a second time", async (t) => {
  const session = await start(t, setup.replace('hotkey="p"', 'maxUsages="1"'));
  let page = await openLabelPage(session.browser, session.task);
  page = await markSpan(session, page, ["Zoë", "Zoë"], per);
  const pending = await pressWord(session.browser, page, "Bob", per);
  const refused = await pressWord(session.browser, pending.page, "Bob");
  assert.equal(refused.status, 422);
  assert.match(lineOf(refused.page("#label-error")), /“PER” can be used once/);
});

test("regions: several labels are in the order of the setup", async (t) => {
  const session = await start(t, setup.replace('toName="text">', 'toName="text" choice="multiple">'));
  const page = await openLabelPage(session.browser, session.task);
  const both = { "region.label": ['["label","place"]', '["label","PER"]'] };
  const pending = await pressWord(session.browser, page, "Köln", both);
  const marked = await press(session.browser, pending.page, "Only this");
  assert.deepEqual(valuesOf(await save(session, marked.page)), [{ start: 16, end: 20, text: "Köln", labels: ["PER", "place"] }]); // prettier-ignore
});

const questions =
  '<Choices name="sent" toName="text" perRegion="true" required="true"><Choice value="good"/><Choice value="bad"/></Choices>' +
  '<TextArea name="why" toName="text" perRegion="true" whenLabelValue="PER"/><Rating name="stars" toName="text" perRegion="true"/>';

test("regions: what is asked about a region is answered beside it, and repeats its place", async (t) => {
  const session = await start(t, setup + questions);
  const { browser } = session;
  let page = await openLabelPage(browser, session.task);
  page = await markSpan(session, page, ["Köln", "Köln"], place);
  assert.equal(page('[name="region.answer.why"]').length, 0);
  const missing = await press(browser, page, "Submit Ctrl Enter");
  assert.equal(missing.status, 422);
  assert.match(missing.text, /Not saved yet: one answer is missing/);

  const answers = { "region.answer.sent": "good", "region.answer.stars": "3" };
  page = (await pressWord(browser, missing.page, "Bob", { ...answers, ...per })).page;
  page = (await press(browser, page, "Only this")).page;
  page = (await press(browser, page, "Done", { "region.answer.sent": "bad", "region.answer.why": " because " })).page;
  const result = await save(session, page);

  assert.deepEqual(
    result.map(({ from_name, value }) => [from_name, value]),
    [
      ["label", { start: 16, end: 20, text: "Köln", labels: ["place"] }],
      ["sent", { start: 16, end: 20, text: "Köln", choices: ["good"] }],
      ["stars", { start: 16, end: 20, text: "Köln", rating: 3 }],
      ["label", { start: 30, end: 33, text: "Bob", labels: ["PER"] }],
      ["sent", { start: 30, end: 33, text: "Bob", choices: ["bad"] }],
      ["why", { start: 30, end: 33, text: [" because "] }],
    ],
  );
  assert.equal(new Set(result.map(({ id }) => id)).size, 2);
  assert.equal((await session.app.repositories.annotations.listByTasks([session.task.id]))[0]?.result_count, 2);
});

test("regions: two are related, with a direction and labels, and a deleted one takes the relation with it", async (t) => {
  const relations = '<Relations><Relation value="org:founded_by"/><Relation value="knows"/></Relations>';
  const session = await start(t, setup + relations);
  const { browser } = session;
  let page = await openLabelPage(browser, session.task);
  page = await markSpan(session, page, ["Bob", "Bob"], per);
  page = await markSpan(session, page, ["Ann", "Ann"], per);
  const other = page("#relate option").last().attr("value") ?? "";
  page = (await press(browser, page, "Relate", { "region.relate": other })).page;
  page = (await press(browser, page, "Done", { "region.direction.0": "bi", "region.relation.0": "knows" })).page;
  const result = await save(session, page);

  assert.deepEqual(result[2], { from_id: result[1]?.id, to_id: result[0]?.id, type: "relation", direction: "bi", labels: ["knows"] }); // prettier-ignore
  page = await openLabelPage(browser, session.task);
  page = (await press(browser, page, `delete ${String(result[0]?.id)}`)).page;
  assert.deepEqual(await save(session, page), [result[1]]);
});

const raw =
  '[{"value":{"start":16,"end":20,"text":"Köln","labels":["place"],"w":0.10000000000000000555},"id":"a","from_name":"label","to_name":"text","type":"labels","origin":"manual"},' +
  '{"value":{"rle":[1,2.50],"format":"rle"},"id":"m","from_name":"brush","to_name":"img","type":"brushlabels"},' +
  '{"value":{"choices":["Good"]},"id":"c","from_name":"mood","to_name":"text","type":"choices","origin":"manual"},' +
  '{"from_id":"a","to_id":"m","type":"relation","direction":"right"}]';

test("regions: what nobody touched is saved digit for digit, and what is not drawn here stays", async (t) => {
  const session = await start(t);
  const { annotations } = session.app.repositories;
  await annotations.create(session.task.id, session.user.id, { result: raw });
  let page = await openLabelPage(session.browser, session.task);
  page = (await press(session.browser, page, "select a")).page;
  await save(session, page);
  assert.equal((await annotations.listByTasks([session.task.id]))[0]?.result, raw);

  page = await openLabelPage(session.browser, session.task);
  page = (await press(session.browser, page, "select a")).page;
  page = (await press(session.browser, page, "One character less at the end")).page;
  await save(session, page);
  const moved = raw.replace('"end":20,"text":"Köln"', '"end":19,"text":"Köl"');
  assert.equal((await annotations.listByTasks([session.task.id]))[0]?.result, moved);
});

test("regions: a draft keeps them, and starting over takes them away", async (t) => {
  const session = await start(t);
  let page = await openLabelPage(session.browser, session.task);
  page = await markSpan(session, page, ["Köln", "Köln"], place);
  assert.equal((await press(session.browser, page, "Save for later")).status, 303);
  page = await openLabelPage(session.browser, session.task);
  assert.deepEqual(linesOf(page, ".region-words"), ["1 LOC Köln"]);
  await press(session.browser, page, "Start over");
  page = await openLabelPage(session.browser, session.task);
  assert.deepEqual(linesOf(page, ".region-words"), []);
});

test("regions: the same form sent twice is saved once, and is no conflict", async (t) => {
  const session = await start(t);
  let page = await openLabelPage(session.browser, session.task);
  page = await markSpan(session, page, ["Köln", "Köln"], place);
  const body = labelFormBody(page, { mood: "Good" });
  const address = page("[data-labels]").attr("action") ?? "";
  const both = await Promise.all([1, 2].map(() => session.browser.post(address).type("form").send(body)));
  assert.deepEqual(
    both.map(({ status }) => status),
    [303, 303],
  );
  assert.equal((await session.app.repositories.annotations.listByTasks([session.task.id])).length, 1);
});

for (const forged of ["x", "{}", '"a"', "[1]", "[[]]", `[${"{},".repeat(200_000)}{}]`])
  test(`regions: a form with regions that no page has sent, ${forged.slice(0, 5)}, says so, and nothing is saved`, async (t) => {
    const session = await start(t);
    const page = await openLabelPage(session.browser, session.task);
    for (const address of ["label", "regions", "draft"]) {
      const answer = await session.browser
        .post(`/projects/${session.project.id}/tasks/${session.task.id}/${address}`)
        .type("form")
        .send(`${labelFormBody(page)}&${new URLSearchParams({ "region.result": forged, "region.do": "undo" }).toString()}`.replace(/region\.result=%5B%5D&/, "")); // prettier-ignore
      assert.equal(answer.status, 400, address);
      assert.match(lineOf(read(answer)("h1")), /regions of this form can’t be read/);
    }
    assert.deepEqual(await savedResult(session.app, session.task), []);
  });

test("regions: fields that no page has sent do nothing", async (t) => {
  const session = await start(t);
  let page = await openLabelPage(session.browser, session.task);
  page = await markSpan(session, page, ["Köln", "Köln"], place);
  const address = `/projects/${session.project.id}/tasks/${session.task.id}/regions`;
  for (const action of [
    "",
    "nothing",
    "constructor",
    "mark text 9 0-4",
    "mark text 0 4-9999",
    "mark %E0 0 0-4",
    "select nobody",
    "delete nobody",
    "step up",
    "unrelate 7",
    "view text open 99 99",
    "find nobody",
  ]) {
    const answer = await session.browser.post(address).type("form").send(`${labelFormBody(page)}&${new URLSearchParams({ "region.do": action, "region.pending": "{}", "region.undo": "[1]" }).toString()}`); // prettier-ignore
    assert.ok([200, 422].includes(answer.status), `${action}: ${answer.status}`);
    assert.deepEqual(linesOf(read(answer), ".region-words"), ["1 LOC Köln"], action);
  }
});

const dialogue =
  '<ParagraphLabels name="label" toName="talk"><Label value="PER"/><Label value="LOC" alias="place"/></ParagraphLabels>' +
  '<Paragraphs name="talk" value="$talk"/>';
const talk = [
  { author: "Ann", text: "Hello 👋 dear Bob." },
  { author: "Bob" },
  { author: "Bob", text: "Hi Ann,\nhow is Köln?" },
];

test("regions: turns of a dialogue are marked by their index and in UTF-16 units, as Label Studio writes them", async (t) => {
  const session = await start(t, dialogue, { talk });
  let page = await openLabelPage(session.browser, session.task);
  page = await markSpan(session, page, ["Bob", "Bob"], per);
  const other = await pressWord(session.browser, page, "Hello");
  page = await markSpan(session, other.page, ["Köln", "Köln"], place);
  assert.deepEqual(linesOf(page, ".region-words"), ["1 PER Bob", "2 LOC Köln"]);

  assert.deepEqual(valuesOf(await save(session, page)), [
    { start: "0", end: "0", startOffset: 14, endOffset: 17, text: "Bob", paragraphlabels: ["PER"] },
    { start: "2", end: "2", startOffset: 15, endOffset: 19, text: "Köln", paragraphlabels: ["place"] },
  ]);
});

test("regions: a text of 100,000 words comes in parts, sentence by sentence, and each click is answered soon", async (t) => {
  const sentence = "The quick brown fox jumps over the lazy dog near Köln. ";
  const long = `${sentence.repeat(9_089)}It ends in Wrocław.`;
  const session = await start(t, setup, { text: long });
  const { browser } = session;
  let page = await openLabelPage(browser, session.task);
  const parts = Number(/Part 1 of (\d+)/.exec(page.text())?.[1]);
  assert.ok(parts > 20, `${parts}`);
  assert.ok(page("button").length < 400, `${page("button").length} buttons`);
  page = (await press(browser, page, page(".sentence").first().attr("value") ?? "")).page;
  page = await markSpan(session, page, ["quick", "fox"], per);
  page = (await press(browser, page, "Next part")).page;
  assert.match(page.text(), /Part 2 of/);
  page = (await press(browser, page, "Find", { ...place, "region.find.text": "Wrocław" })).page;
  page = (await press(browser, page, page(".region-words").eq(1).attr("value") ?? "")).page;
  page = (await press(browser, page, page(".region-words").eq(1).attr("value") ?? "")).page;
  assert.match(page.text(), new RegExp(`Part ${parts} of ${parts}`));
  assert.equal(page(".sentence mark").text(), "Wrocław");

  const at = Array.from(long).length;
  assert.deepEqual(valuesOf(await save(session, page)), [
    { start: 4, end: 19, text: "quick brown fox", labels: ["PER"] },
    { start: at - 8, end: at - 1, text: "Wrocław", labels: ["place"] },
  ]);
});

test("regions: what a prediction marked is shown as such, and is taken over, changed or dropped", async (t) => {
  const session = await start(t);
  const predicted = (start: number, end: number, more: object = {}) => ({ from_name: "label", to_name: "text", type: "labels", value: { start, end, labels: ["PER"] }, ...more }); // prettier-ignore
  const result = [predicted(0, 3, { score: 0.5 }), predicted(16, 20), predicted(30, 33), predicted(900, 910), { ...predicted(4, 7), value: { start: 4, end: 7, text: "Bob", labels: ["Unknown"] } }]; // prettier-ignore
  const prediction = await session.app.repositories.predictions.create(session.task.id, {
    result: JSON.stringify(result),
  });
  let page = await openLabelPage(session.browser, session.task);
  assert.equal(page(".region .badge").length, 5);
  assert.deepEqual(linesOf(page, ".region-problem"), ["Its place is not in this text.", "It says “Bob”."]);
  page = (await press(session.browser, page, "Delete 3")).page;
  page = (await press(session.browser, page, page(".region-words").eq(1).attr("value") ?? "")).page;
  page = (await press(session.browser, page, "One character less at the end")).page;

  const saved = await save(session, page);

  assert.deepEqual(
    saved.map(({ origin, score, value }) => [origin, score, (value as { end: number }).end]),
    [
      ["prediction", 0.5, 3],
      ["prediction-changed", undefined, 19],
      ["prediction", undefined, 910],
      ["prediction", undefined, 7],
    ],
  );
  for (const { id } of saved) assert.match(String(id), /^[\w-]{10}$/);
  const [annotation] = await session.app.repositories.annotations.listByTasks([session.task.id]);
  assert.equal(annotation?.parent_prediction_id, prediction?.id);
});

test("regions: more than a form can bring back are left as they are, and the page says so", async (t) => {
  const session = await start(t);
  const entry = (index: number) => ({ value: { start: 0, end: 3, text: "Zoë", labels: ["PER"] }, id: `r${index}`, from_name: "label", to_name: "text", type: "labels", origin: "manual" }); // prettier-ignore
  const many = JSON.stringify(Array.from({ length: 4_000 }, (_, index) => entry(index)));
  await session.app.repositories.annotations.create(session.task.id, session.user.id, { result: many });
  const page = await openLabelPage(session.browser, session.task);
  assert.match(page(".note").text(), /The regions of this task can’t be changed here/);
  assert.equal(page("#regions").length, 0);
  const answer = await press(session.browser, page, "Update Ctrl Enter", { "answer.mood": "Good" });
  assert.equal(answer.status, 303);
  assert.equal((await savedResult(session.app, session.task)).length, 4_001);
});

test("regions: the page of a task says them in the words of the setup, with relations and answers", async (t) => {
  const relations = '<Relations><Relation value="knows"/></Relations>';
  const session = await start(t, setup + questions + relations);
  const span = (id: string, start: number, end: number, covered: string, label: string) => ({ id, from_name: "label", to_name: "text", type: "labels", value: { start, end, text: covered, labels: [label] } }); // prettier-ignore
  const result = [
    span("a", 16, 20, "Köln", "place"),
    {
      ...span("a", 16, 20, "Köln", ""),
      from_name: "sent",
      type: "choices",
      value: { start: 16, end: 20, text: "Köln", choices: ["bad"] },
    },
    span("b", 8, 25, String.raw`flew to Köln.\nShe`, "PER"),
    { from_id: "a", to_id: "b", type: "relation", direction: "left", labels: ["knows"] },
  ];
  await session.app.repositories.annotations.create(session.task.id, session.user.id, {
    result: JSON.stringify(result),
  });
  const page = read(await session.browser.get(`/projects/${session.project.id}/tasks/${session.task.id}`).expect(200));
  assert.deepEqual(linesOf(page, ".answers dt"), ["1 label", "1 Sent", "2 label", "Relation"]);
  assert.deepEqual(linesOf(page, ".answers dd"), ["LOC – “Köln”", "bad – “Köln”", "PER – “flew to Köln. She”", "“Köln” ← “flew to Köln. She” (knows)"]); // prettier-ignore
});

test("regions: what is marked on the page is exported as CoNLL 2003", async (t) => {
  const session = await start(t, setup, { text: "Zoë flew to New York." });
  let page = await openLabelPage(session.browser, session.task);
  page = await markSpan(session, page, ["Zoë", "Zoë"], per);
  page = await markSpan(session, page, ["New", "York"], place);
  await save(session, page);
  const answer = await session.browser.get(`/api/projects/${session.project.id}/export?exportType=CONLL2003`).buffer(true).parse((response, done) => { const chunks: Buffer[] = []; response.on("data", (chunk: Buffer) => void chunks.push(chunk)); response.on("end", () => done(null, Buffer.concat(chunks).toString())); }); // prettier-ignore
  assert.equal(answer.status, 200);
  assert.match(
    String(answer.body),
    /Zoë -X- _ B-PER\nflew -X- _ O\nto -X- _ O\nNew -X- _ B-place\nYork -X- _ I-place\n/,
  );
});

test("regions: a setup that no longer offers a label, or the control, of marked spans is refused", async (t) => {
  const session = await start(t);
  let page = await openLabelPage(session.browser, session.task);
  page = await markSpan(session, page, ["Köln", "Köln"], place);
  await save(session, page);
  for (const label_config of [setup.replace(' alias="place"', ""), setup.replace('name="label"', 'name="other"')]) {
    const answer = await session.browser
      .post(`/api/projects/${session.project.id}/validate/`)
      .send({ label_config: `<View>${label_config}</View>` });
    assert.equal(answer.status, 400, answer.text);
  }
});

const recording =
  '<Labels name="label" toName="audio"><Label value="PER"/><Label value="LOC" alias="place"/></Labels><Audio name="audio" value="$audio"/>' +
  '<TextArea name="words" toName="audio" perRegion="true" required="true"/>';

test("regions: segments of a recording are marked by two times, and written as Label Studio writes them", async (t) => {
  const session = await start(t, recording, { audio: "https://example.com/talk.mp3" });
  const { browser } = session;
  let page = await openLabelPage(browser, session.task);
  const times = (from: string, to: string) => ({
    "region.from.audio": from,
    "region.to.audio": to,
    "region.length.audio": "10",
  });
  const refused = await press(browser, page, "Mark", { ...per, ...times("4", "x") });
  assert.equal(refused.status, 422);
  assert.match(lineOf(refused.page("#to-audio-error")), /Enter a time, such as 12\.5 or 1:30/);
  assert.equal(refused.page('[name="region.from.audio"]').val(), "4");
  assert.match(
    lineOf((await press(browser, page, "Mark", { ...per, ...times("4", "3") })).page("#to-audio-error")),
    /later time/,
  );

  page = (await press(browser, refused.page, "Mark", { ...per, ...times("1.9978046103183313", "1:04.5") })).page;
  assert.deepEqual(linesOf(page, ".region-words"), ["1 PER 0:01.998–1:04.5"]);
  assert.equal(page("[data-plays]").attr("href"), "https://example.com/talk.mp3#t=1.9978046103183313,64.5");
  page = (await press(browser, page, "End 0.1 seconds earlier", { "region.answer.words": "la la" })).page;

  const [segment, words] = await save(session, page);
  const value = { start: 1.9978046103183313, end: 64.4, channel: 0 };
  assert.deepEqual(segment, { original_length: 10, value: { ...value, labels: ["PER"] }, id: segment?.id, from_name: "label", to_name: "audio", type: "labels", origin: "manual" }); // prettier-ignore
  assert.deepEqual(words, { ...segment, value: { ...value, text: ["la la"] }, from_name: "words", type: "textarea" });
  assert.deepEqual(Object.keys(segment ?? {})[0], "original_length");
});

test("regions: Enter in a time marks the segment, and a segment without a place is said to have none", async (t) => {
  const session = await start(t, recording.replace(' required="true"', ""), { audio: "/talk.mp3" });
  const lost = {
    id: "x",
    from_name: "label",
    to_name: "audio",
    type: "labels",
    value: { start: "a", labels: ["PER"] },
  };
  await session.app.repositories.annotations.create(session.task.id, session.user.id, {
    result: JSON.stringify([lost]),
  });
  const page = await openLabelPage(session.browser, session.task);
  assert.deepEqual(linesOf(page, ".region-problem"), ["It has no place in this recording."]);
  const entered = await press(session.browser, page, "enter", {
    ...per,
    "region.from.audio": "0",
    "region.to.audio": "2",
  });
  assert.equal(entered.status, 200);
  assert.deepEqual(linesOf(entered.page, ".region-words"), ["1 PER", "2 PER 0:00–0:02"]);
});

test("regions: those that this page doesn't draw are named with their labels, and saved as they are", async (t) => {
  const masks = `<Image name="image" value="$image"/><BrushLabels name="mask" toName="image"><Label value="Road"/></BrushLabels>${setup}`;
  const { app, task, browser, project } = await start(t, masks, { text, image: "/a.png" });
  const predicted = [
    { id: "a", from_name: "mask", to_name: "image", type: "brushlabels", value: { format: "rle", rle: [0, 1], brushlabels: ["Road"] } },
    { id: "b", from_name: "label", to_name: "text", type: "labels", value: { start: 0, end: 3, text: "Zoë", labels: ["PER"] } },
  ]; // prettier-ignore
  await app.repositories.predictions.create(task.id, { result: JSON.stringify(predicted) });

  const page = read(await browser.get(`/projects/${project.id}/label`));

  assert.deepEqual(linesOf(page, "main .note p").slice(-1), [
    "This task has regions that can’t be drawn here, and stay as they are: Road, mask.",
  ]);
  const [mask] = await save({ app, task, browser }, page);
  assert.deepEqual(mask?.value, predicted[0]?.value);
});
