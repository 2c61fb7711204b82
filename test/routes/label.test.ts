import assert from "node:assert/strict";
import { test } from "node:test";

import type { Fields } from "../../src/label-config/form/visibility.ts";
import { startApp } from "../support/app.ts";
import { label, send, startLabeling } from "../support/labeling.ts";
import { describedBy, descriptionOf, read } from "../support/pages.ts";

const text = '<Text name="t" value="$text"/>';
const one = '<Choice value="A"/><Choice value="B" alias="b"/>';
const tree = '<Choice value="A"><Choice value="A1"/><Choice value="A2" alias="two"/></Choice><Choice value="B"/>';
const data = { text: "A text", other: "Another", list: [{ id: "a", title: "First" }, { id: "b" }, { id: "c" }] };

const controls: [string, string, Fields, object][] = [
  [
    "one choice",
    `${text}<Choices name="c" toName="t">${one}</Choices>`,
    { c: "b" },
    { type: "choices", to_name: "t", value: { choices: ["b"] } },
  ],
  [
    "one choice of a menu",
    `${text}<Choices name="c" toName="t" layout="select">${one}</Choices>`,
    { c: "A" },
    { type: "choices", to_name: "t", value: { choices: ["A"] } },
  ],
  [
    "several choices",
    `${text}<Choices name="c" toName="t" choice="multiple">${one}</Choices>`,
    { c: ["A", "b"] },
    { type: "choices", to_name: "t", value: { choices: ["A", "b"] } },
  ],
  [
    "a nested choice",
    `${text}<Choices name="c" toName="t" allowNested="true">${tree}</Choices>`,
    { c: '["A","two"]' },
    { type: "choices", to_name: "t", value: { choices: [["A", "two"]] } },
  ],
  [
    "a taxonomy",
    `${text}<Taxonomy name="c" toName="t">${tree}</Taxonomy>`,
    { c: ['["A"]', '["A","A1"]'] },
    { type: "taxonomy", to_name: "t", value: { taxonomy: [["A"], ["A", "A1"]] } },
  ],
  [
    "a text of several lines",
    `${text}<TextArea name="c" toName="t"/>`,
    { c: "One\r\ntwo & <b>" },
    { type: "textarea", to_name: "t", value: { text: ["One\ntwo & <b>"] } },
  ],
  [
    "several texts",
    `${text}<TextArea name="c" toName="t"/>`,
    { c: ["One", "Zwei ü"] },
    { type: "textarea", to_name: "t", value: { text: ["One", "Zwei ü"] } },
  ],
  [
    "a rating",
    `${text}<Rating name="c" toName="t"/>`,
    { c: "4" },
    { type: "rating", to_name: "t", value: { rating: 4 } },
  ],
  [
    "a number",
    `${text}<Number name="c" toName="t" min="0"/>`,
    { c: "1.5" },
    { type: "number", to_name: "t", value: { number: 1.5 } },
  ],
  [
    "a day",
    `${text}<DateTime name="c" toName="t" only="date" format="%d.%m.%Y"/>`,
    { c: "2026-11-22" },
    { type: "datetime", to_name: "t", value: { datetime: "22.11.2026" } },
  ],
  [
    "a comparison",
    `${text}<Text name="u" value="$other"/><Pairwise name="c" toName="t,u"/>`,
    { c: "right" },
    { type: "pairwise", to_name: "c", value: { selected: "right" } },
  ],
  [
    "an order",
    '<List name="l" value="$list"/><Ranker name="c" toName="l"/>',
    { "c.a": "3", "c.b": "1", "c.c": "2" },
    { type: "ranker", to_name: "l", value: { ranker: { c: ["b", "c", "a"] } } },
  ],
  [
    "items in groups",
    '<List name="l" value="$list"/><Ranker name="c" toName="l"><Bucket name="good"/><Bucket name="bad"/></Ranker>',
    { "c@a": "good", "c.a": "2", "c@c": "good", "c.c": "1" },
    { type: "ranker", to_name: "l", value: { ranker: { _: ["b"], good: ["c", "a"], bad: [] } } },
  ],
  [
    "a rating without toName",
    `${text}<Rating name="c"/>`,
    { c: "2" },
    { type: "rating", to_name: "t", value: { rating: 2 } },
  ],
];

/** Label Studio submits items in the order in which they are shown. */
const leftOut: Record<string, object[]> = {
  "an order": [{ ranker: { c: ["a", "b", "c"] } }],
  "items in groups": [{ ranker: { _: ["a", "b", "c"], good: [], bad: [] } }],
};

for (const [what, tags, answers, expected] of controls) {
  test(`labeling: ${what} is kept as Label Studio writes it, and shown again`, async (t) => {
    const app = await startApp(t);
    const { project, tasks, browser, user } = await startLabeling(app, tags, [data]);

    const answer = await label(browser, project, answers);

    assert.equal(answer.status, 303, answer.text);
    const [annotation] = await app.repositories.annotations.listByTasks([tasks[0]?.id ?? 0]);
    const [entry, ...more] = JSON.parse(annotation?.result ?? "[]") as Record<string, unknown>[];
    assert.match(String(entry?.id), /^[A-Za-z0-9_-]{10}$/);
    assert.deepEqual({ ...entry, id: "" }, { id: "", from_name: "c", origin: "manual", ...expected });
    assert.deepEqual(more, []);
    assert.deepEqual(
      [annotation?.result_count, annotation?.completed_by_id, annotation?.was_cancelled],
      [1, user.id, false],
    );

    const again = read(await browser.get(`/projects/${project.id}/tasks/${tasks[0]?.id}/label`).expect(200));
    await send(browser, again).then(({ status, text }) => assert.equal(status, 303, text));
    const [resaved] = await app.repositories.annotations.listByTasks([tasks[0]?.id ?? 0]);
    assert.equal(resaved?.result, annotation?.result);
  });

  test(`labeling: ${what} can be left out`, async (t) => {
    const app = await startApp(t);
    const { project, tasks, browser } = await startLabeling(app, tags, [data]);

    assert.equal((await label(browser, project)).status, 303);

    const [annotation] = await app.repositories.annotations.listByTasks([tasks[0]?.id ?? 0]);
    const values = (JSON.parse(annotation?.result ?? "") as { value: unknown }[]).map(({ value }) => value);
    assert.deepEqual(values, leftOut[what] ?? []);
  });

  test(`labeling: ${what} that is required is asked for again, and nothing is kept`, async (t) => {
    const app = await startApp(t);
    const required = tags.replace('name="c"', 'name="c" required="true" requiredMessage="Please say!"');
    const { project, tasks, browser } = await startLabeling(app, required, [data]);

    const answer = await label(browser, project);

    assert.equal(answer.status, 422);
    const page = read(answer);
    assert.doesNotMatch(page('[data-control="c"] legend').text(), /optional/);
    assert.equal(descriptionOf(page, '[data-control="c"]').trim(), "Please say!");
    assert.equal(page('.label-error[role="alert"]').text().trim(), "Not saved yet: one answer is missing.");
    assert.deepEqual(await app.repositories.annotations.listByTasks([tasks[0]?.id ?? 0]), []);
  });
}

test("labeling: a refused form keeps all that was typed", async (t) => {
  const app = await startApp(t);
  const tags = `${text}<Choices name="c" toName="t" choice="multiple">${one}</Choices><TextArea name="w" toName="t"/>
    <Number name="n" toName="t" max="5"/>`;
  const { project, browser } = await startLabeling(app, tags);

  const answer = await label(browser, project, { c: ["A", "b"], w: ["one", "two"], n: "many" });

  assert.equal(answer.status, 422);
  const page = read(answer);
  assert.equal(page('[name="answer.c"]:checked').length, 2);
  assert.deepEqual(
    page('[name="answer.w"]')
      .toArray()
      .map((field) => page(field).val()),
    ["one", "two", ""],
  );
  assert.equal(page('[name="answer.n"]').val(), "many");
  assert.equal(describedBy(page, "answer.n").trim(), "Enter a number");
  assert.equal(page(".label-error").text().trim(), "Not saved yet: one answer needs a change.");
});

test("labeling: what the page says of itself never mixes with controls of the same names", async (t) => {
  const app = await startApp(t);
  const names = ["seen", "started", "annotation", "unique_id", "a[b].c", "__proto__", "answer."];
  const tags = names.map((name) => `<TextArea name="${name}" toName="t"/>`).join("");
  const { project, tasks, browser } = await startLabeling(app, text + tags);

  const answer = await label(browser, project, Object.fromEntries(names.map((name) => [name, `of ${name}`])));

  assert.equal(answer.status, 303);
  const [annotation] = await app.repositories.annotations.listByTasks([tasks[0]?.id ?? 0]);
  const entries = JSON.parse(annotation?.result ?? "[]") as { from_name: string; value: { text: string[] } }[];
  assert.deepEqual(
    entries.map(({ from_name, value }) => [from_name, value.text]),
    names.map((name) => [name, [`of ${name}`]]),
  );
});

test("labeling: a question that does not apply is not asked for, and its answer left out", async (t) => {
  const app = await startApp(t);
  const tags = `${text}<Choices name="c" toName="t">${one}</Choices>
    <View visibleWhen="choice-selected" whenTagName="c" whenChoiceValue="B">
      <TextArea name="why" toName="t" required="true"/></View>`;
  const { project, tasks, browser } = await startLabeling(app, tags, [{ text: "1" }, { text: "2" }]);

  assert.equal((await label(browser, project, { c: "b" })).status, 422);
  assert.equal((await label(browser, project, { c: "A", why: "left over" })).status, 303);

  const [annotation] = await app.repositories.annotations.listByTasks([tasks[0]?.id ?? 0]);
  assert.equal(annotation?.result_count, 1);
  const page = read(await browser.get(`/projects/${project.id}/label`));
  assert.match(page("[data-when]").text(), /Only if “B” is chosen for c\./);
});

test("labeling: an empty answer is refused where the project takes none", async (t) => {
  const app = await startApp(t);
  const { project, tasks, browser } = await startLabeling(app, `${text}<Rating name="c" toName="t"/>`, undefined, {
    enable_empty_annotation: false,
  });

  const answer = await label(browser, project);

  assert.equal(answer.status, 422);
  assert.match(read(answer)('[role="alert"]').text(), /Not saved yet: answer at least one question\./);
  assert.deepEqual(await app.repositories.annotations.listByTasks([tasks[0]?.id ?? 0]), []);
});
