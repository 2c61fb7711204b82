import assert from "node:assert/strict";
import { test } from "node:test";

import { buildLabelForm } from "../../../src/label-config/form/label-form.ts";
import type { LabelForm } from "../../../src/label-config/form/parts.ts";
import type { Fields } from "../../../src/label-config/form/visibility.ts";
import { parseLabelConfig } from "../../../src/label-config/parse-label-config.ts";
import { formToResult } from "../../../src/label-config/results/form-to-result.ts";
import { mergeRawResult } from "../../../src/label-config/results/raw-result.ts";
import { resultToForm, initialFields } from "../../../src/label-config/results/result-to-form.ts";

const list = [{ id: "a" }, { id: "b" }, { id: "c" }];

function formFor(control: string): LabelForm {
  const objects = '<Text name="t" value="$t"/><Text name="u" value="$t"/><List name="l" value="$list"/>';
  return buildLabelForm(parseLabelConfig(`<View>${objects}${control}</View>`).root, { t: "x", list, o: ["p", "q"] });
}

function answersTo(form: LabelForm, fields: Fields) {
  const answers = formToResult(form, fields);
  assert.ok(answers.ok);
  return answers.result;
}

const one = '<Choice value="A"/><Choice value="B" alias="b"/>';
const tree = '<Choice value="A"><Choice value="A1"/><Choice value="A2" alias="two"/></Choice><Choice value="B"/>';

const buckets = '<Bucket name="good" title="Good"/><Bucket name="bad" title="Bad"/>';

const answered: [string, string, Fields, string, unknown][] = [
  ["one choice", `<Choices name="c" toName="t">${one}</Choices>`, { c: "A" }, "choices", { choices: ["A"] }],
  [
    "a choice with an alias",
    `<Choices name="c" toName="t">${one}</Choices>`,
    { c: ["b"] },
    "choices",
    { choices: ["b"] },
  ],
  [
    "several choices",
    `<Choices name="c" toName="t" choice="multiple">${one}</Choices>`,
    { c: ["b", "A"] },
    "choices",
    { choices: ["A", "b"] },
  ],
  ["an option of the task", '<Choices name="c" toName="t" value="$o"/>', { c: "q" }, "choices", { choices: ["q"] }],
  [
    "a nested choice",
    `<Choices name="c" toName="t" allowNested="true">${tree}</Choices>`,
    { c: '["A","two"]' },
    "choices",
    { choices: [["A", "two"]] },
  ],
  [
    "a taxonomy",
    `<Taxonomy name="c" toName="t">${tree}</Taxonomy>`,
    { c: ['["A"]', '["A","A1"]'] },
    "taxonomy",
    { taxonomy: [["A"], ["A", "A1"]] },
  ],
  ["a text", '<TextArea name="c" toName="t"/>', { c: "Hi\nyou " }, "textarea", { text: ["Hi\nyou "] }],
  ["several texts", '<TextArea name="c" toName="t"/>', { c: ["a", "b"] }, "textarea", { text: ["a", "b"] }],
  ["stars", '<Rating name="c" toName="t"/>', { c: "4" }, "rating", { rating: 4 }],
  ["a number", '<Number name="c" toName="t"/>', { c: "-1.5" }, "number", { number: -1.5 }],
  ["zero", '<Number name="c" toName="t"/>', { c: "0" }, "number", { number: 0 }],
  ["a day", '<DateTime name="c" toName="t" only="date"/>', { c: "2026-11-22" }, "datetime", { datetime: "2026-11-22" }],
  [
    "a day in a format",
    '<DateTime name="c" toName="t" only="date" format="%d.%m.%Y"/>',
    { c: "2026-11-22" },
    "datetime",
    { datetime: "22.11.2026" },
  ],
  [
    "a moment",
    '<DateTime name="c" toName="t"/>',
    { c: "2026-11-22T09:05" },
    "datetime",
    { datetime: "2026-11-22T09:05" },
  ],
  ["a time", '<DateTime name="c" toName="t" only="time"/>', { c: "09:05" }, "datetime", { datetime: "09:05" }],
  ["a year", '<DateTime name="c" toName="t" only="year"/>', { c: "1999" }, "datetime", { datetime: "1999-01-01" }],
  ["a comparison", '<Pairwise name="c" toName="t,u"/>', { c: "left" }, "pairwise", { selected: "left" }],
  [
    "an order",
    '<Ranker name="c" toName="l"/>',
    { "c.a": "3", "c.b": "1", "c.c": "2" },
    "ranker",
    { ranker: { c: ["b", "c", "a"] } },
  ],
  [
    "items in buckets",
    `<Ranker name="c" toName="l">${buckets}</Ranker>`,
    { "c@a": "good", "c.a": "2", "c@c": "good", "c.c": "1", "c@b": "_" },
    "ranker",
    { ranker: { _: ["b"], good: ["c", "a"], bad: [] } },
  ],
  [
    "items in buckets of which one is the default",
    `<Ranker name="c" toName="l">${buckets.replace('"bad"', '"bad" default="true"')}</Ranker>`,
    { "c@a": "good", "c@b": "bad" },
    "ranker",
    { ranker: { good: ["a"], bad: ["b", "c"] } },
  ],
];

for (const [what, control, fields, type, value] of answered) {
  test(`answers: ${what} becomes Label Studio's result`, () => {
    const [entry, ...more] = answersTo(formFor(control), fields);
    assert.match(entry?.id ?? "", /^[A-Za-z0-9_-]{10}$/);
    assert.equal(entry?.from_name, "c");
    assert.equal(entry?.type, type);
    assert.deepEqual(entry?.value, value);
    assert.deepEqual(more, []);
  });

  test(`answers: ${what} can be edited in the form again`, () => {
    const form = formFor(control);
    const result = answersTo(form, fields);
    const again = answersTo(form, resultToForm(form, result));
    assert.deepEqual(
      again.map(({ value }) => value),
      result.map(({ value }) => value),
    );
  });
}

test("answers: the to_name of a comparison is itself, that of other answers the label config's", () => {
  assert.equal(answersTo(formFor('<Pairwise name="c" toName="t,u"/>'), { c: "right" })[0]?.to_name, "c");
  assert.equal(answersTo(formFor('<Rating name="c" toName="t,u"/>'), { c: "1" })[0]?.to_name, "t,u");
});

test("answers: an empty field has no answer", () => {
  const form = formFor('<TextArea name="c" toName="t"/><Rating name="r" toName="t"/><Ranker name="k" toName="l"/>');
  const empty: Fields[] = [{}, { c: "  ", r: "", "k.a": "" }, { c: [], r: "0" }];
  for (const fields of empty) assert.deepEqual(answersTo(form, fields), []);
});

test("answers: items without a number follow those with one", () => {
  const [entry] = answersTo(formFor('<Ranker name="c" toName="l"/>'), { "c.c": "1" });
  assert.deepEqual(entry?.value, { ranker: { c: ["c", "a", "b"] } });
});

test("answers: a ranking that is submitted as it was shown is the order of the list, as in Label Studio; a draft has none", () => {
  const orderOf = (tags: string, is_submitted: boolean) => {
    const answers = formToResult(
      formFor(`<Ranker name="c" toName="l">${tags}</Ranker>`),
      { "c@a": "" },
      { is_submitted },
    );
    assert.ok(answers.ok);
    return answers.result.map(({ to_name, value }) => ({ to_name, ...value }));
  };
  assert.deepEqual(orderOf("", true), [{ to_name: "l", ranker: { c: ["a", "b", "c"] } }]);
  assert.deepEqual(orderOf(buckets, true), [{ to_name: "l", ranker: { _: ["a", "b", "c"], good: [], bad: [] } }]);
  assert.deepEqual(orderOf(buckets, false), []);
});

test("answers: items that a result puts in buckets that are gone, or nowhere, are where all were at first", () => {
  const form = formFor(`<Ranker name="c" toName="l">${buckets}</Ranker>`);
  const value = { ranker: { good: ["c", "gone"], lost: ["a"] } };
  const fields = resultToForm(form, [{ from_name: "c", type: "ranker", value }]);
  assert.deepEqual(fields, { "c.c": "1", "c@c": "good" });
  assert.deepEqual(answersTo(form, fields)[0]?.value, { ranker: { _: ["a", "b"], good: ["c"], bad: [] } });
});

test("answers: each entry of a Repeater has an answer of its own, by the names that Label Studio gives", () => {
  const form = formFor(
    '<Repeater on="$list"><Text name="e_{{idx}}" value="$list[{{idx}}].id"/><Rating name="r_{{idx}}" toName="e_{{idx}}"/></Repeater>',
  );
  const result = answersTo(form, { r_0: "1", r_2: "3" });
  assert.deepEqual(
    result.map(({ from_name, to_name, value }) => [from_name, to_name, value]),
    [
      ["r_0", "e_0", { rating: 1 }],
      ["r_2", "e_2", { rating: 3 }],
    ],
  );
  assert.deepEqual(resultToForm(form, result), { r_0: "1", r_2: "3" });
});

const chat = { role: "assistant", content: "Hello", createdAt: 1757612212681, model: "m" };

test("answers: each message that was added to a chat is an entry of its own", () => {
  const form = formFor('<Chat name="chat" value="$chat"/>');
  const fields = {
    chat: ["Hi\r\nthere", " ", "Bye"],
    "chat@role": ["user", "assistant", ""],
    "chat@key": ["", "", ""],
  };
  const result = answersTo(form, fields);
  assert.deepEqual(
    result.map(({ from_name, to_name, type, value }) => [from_name, to_name, type, Object(value.chatmessage).content]),
    [
      ["chat", "chat", "chatmessage", "Hi\nthere"],
      ["chat", "chat", "chatmessage", "Bye"],
    ],
  );
  assert.deepEqual(result.map(({ value }) => Object(value.chatmessage).role), ["user", "user"]); // prettier-ignore
  assert.ok(Math.abs(Date.now() - Object(result[0]?.value.chatmessage).createdAt) < 60_000);
});

test("answers: a message that is changed stays the same entry, others stay to the letter, and an emptied one goes", () => {
  const form = formFor('<Chat name="chat" value="$chat"/><Rating name="r" toName="chat"/>');
  const entries = [
    { from_name: "chat", to_name: "chat", type: "chatmessage", value: { chatmessage: chat } },
    { id: "b", from_name: "chat", type: "chatmessage", value: { chatmessage: { ...chat, content: "Two" } }, meta: 1 },
    { id: "c", from_name: "chat", type: "chatmessage", value: { chatmessage: { ...chat, content: "Three" } } },
  ];
  const fields = resultToForm(form, entries);
  assert.deepEqual(fields["chat@key"], ["#0", "b", "c"]);
  const save = (changed: Fields) =>
    JSON.parse(mergeRawResult(form, JSON.stringify(entries), answersTo(form, { ...fields, ...changed }))) as object[];

  assert.deepEqual(save({}), entries);
  const [one, two, added, ...more] = save({
    chat: ["Hello", "2", "", "Four"],
    "chat@role": ["assistant", "user", "user", "user"],
    "chat@key": ["#0", "b", "c", ""],
  });
  assert.deepEqual(one, entries[0]);
  assert.deepEqual(two, {
    ...entries[1],
    to_name: "chat",
    origin: "manual",
    value: { chatmessage: { ...chat, role: "user", content: "2" } },
  });
  assert.deepEqual(
    [Object(added).value.chatmessage.content, Object(added).message_key, more.length],
    ["Four", undefined, 0],
  );
});

const limited = '<Chat name="c" value="$messages" minMessages="3" maxMessages="4"/>';

test("answers: both limits of a chat count the messages of the task", () => {
  const messages = [{ role: "user", content: "Hi" }, { role: "assistant", content: "Yes?" }]; // prettier-ignore
  const form = buildLabelForm(parseLabelConfig(`<View>${limited}</View>`).root, { messages });
  const errorOf = (c: string[]) => Object(formToResult(form, { c })).errors?.c;
  assert.deepEqual(
    [errorOf([]), errorOf(["1"]), errorOf(["1", "2"])],
    ["Write one more message", undefined, undefined],
  );
  assert.equal(errorOf(["1", "2", "3"]), "Write at most 2 messages");
  const full = buildLabelForm(parseLabelConfig(`<View>${limited}</View>`).root, {
    messages: [...messages, ...messages],
  });
  assert.deepEqual(full.controls, []);
});

const refused: [string, Fields, string][] = [
  [`<Choices name="c" toName="t" required="true">${one}</Choices>`, {}, "Choose one"],
  [`<Choices name="c" toName="t" required="true" choice="multiple">${one}</Choices>`, {}, "Choose at least one"],
  [`<Choices name="c" toName="t" required="true" requiredMessage="Please!">${one}</Choices>`, {}, "Please!"],
  [`<Choices name="c" toName="t">${one}</Choices>`, { c: ["A", "b"] }, "Choose one only"],
  [`<Choices name="c" toName="t">${one}</Choices>`, { c: "B" }, "Choose from the options"],
  [`<Taxonomy name="c" toName="t" leafsOnly="true">${tree}</Taxonomy>`, { c: '["A"]' }, "Choose from the options"],
  [`<Taxonomy name="c" toName="t" maxUsages="1">${tree}</Taxonomy>`, { c: ['["A"]', '["B"]'] }, "Choose at most 1"],
  ['<TextArea name="c" toName="t" required="true"/>', { c: " " }, "Write something"],
  ['<TextArea name="c" toName="t" maxSubmissions="1"/>', { c: ["a", "b"] }, "Give at most 1"],
  ['<Rating name="c" toName="t" maxRating="3"/>', { c: "4" }, "Choose 1 to 3"],
  ['<Rating name="c" toName="t" required="true"/>', { c: "0" }, "Give a rating"],
  ['<Number name="c" toName="t"/>', { c: "1e999" }, "Enter a number"],
  ['<Number name="c" toName="t"/>', { c: "0x10" }, "Enter a number"],
  ['<Number name="c" toName="t" min="2"/>', { c: "1" }, "Enter 2 or more"],
  ['<Number name="c" toName="t" max="2"/>', { c: "2.5" }, "Enter 2 or less"],
  ['<DateTime name="c" toName="t" only="date"/>', { c: "2026-02-30" }, "Choose a date"],
  ['<DateTime name="c" toName="t" only="date" min="2026-01-01"/>', { c: "2025-12-31" }, "Choose 2026-01-01 or later"],
  ['<DateTime name="c" toName="t" max="2026-01-01"/>', { c: "2026-01-02T00:00" }, "Choose 2026-01-01 or earlier"],
  ['<DateTime name="c" toName="t" only="time" required="true"/>', {}, "Choose a time"],
  ['<Pairwise name="c" toName="t,u"/>', { c: "both" }, "Choose one of the two"],
  ['<Ranker name="c" toName="l"/>', { "c.a": "1", "c.b": "1" }, "Give each item its own number"],
  [`<Ranker name="c" toName="l">${buckets}</Ranker>`, { "c@a": "ugly" }, "Choose from the groups"],
  [`<Ranker name="c" toName="l" required="true">${buckets}</Ranker>`, { "c@a": "_" }, "Number the items"],
  ['<Ranker name="c" toName="l"/>', { "c.a": "first" }, "Number the items: 1 is the first"],
];

for (const [control, fields, error] of refused)
  test(`answers: ${JSON.stringify(fields)} to ${control.split("><")[0]} is refused: ${error}`, () => {
    assert.deepEqual(formToResult(formFor(control), fields), { ok: false, errors: { c: error } });
  });

test("answers: a limit without a time includes the whole day", () => {
  const form = formFor('<DateTime name="c" toName="t" max="2026-01-01"/>');
  assert.equal(answersTo(form, { c: "2026-01-01T23:59" }).length, 1);
});

test("answers: a limit that is no date is ignored", () => {
  const form = formFor('<DateTime name="c" toName="t" only="year" min="2000" max="current"/>');
  assert.equal(answersTo(form, { c: "2026" }).length, 1);
});

test("answers: a hidden control has no answer and is not required", () => {
  const form = formFor(`<Choices name="a" toName="t">${one}</Choices>
    <View visibleWhen="choice-selected" whenTagName="a" whenChoiceValue="B">
      <TextArea name="why" toName="t" required="true"/></View>`);
  assert.deepEqual(
    answersTo(form, { a: "A", why: "left over" }).map(({ from_name }) => from_name),
    ["a"],
  );
  assert.deepEqual(formToResult(form, { a: "b" }), { ok: false, errors: { why: "Write something" } });
});

test("answers: a control that depends on a hidden one is hidden, too", () => {
  const form = formFor(`<Choices name="a" toName="t">${one}</Choices>
    <Choices name="b" toName="t" visibleWhen="choice-selected" whenTagName="a" whenChoiceValue="A">${one}</Choices>
    <Rating name="c" toName="t" visibleWhen="choice-selected" whenTagName="b"/>
    <Rating name="d" toName="t" visibleWhen="choice-unselected" whenTagName="b"/>`);
  const names = (fields: Fields) => answersTo(form, fields).map(({ from_name }) => from_name);
  assert.deepEqual(names({ a: "b", b: "A", c: "1", d: "2" }), ["a", "d"]);
  assert.deepEqual(names({ a: "A", b: "A", c: "1", d: "2" }), ["a", "b", "c"]);
});

test("answers: controls that depend on each other end in no endless loop", () => {
  const form = formFor(`
    <Choices name="a" toName="t" visibleWhen="choice-selected" whenTagName="b">${one}</Choices>
    <Choices name="b" toName="t" visibleWhen="choice-selected" whenTagName="a">${one}</Choices>`);
  assert.doesNotThrow(() => formToResult(form, { a: "A", b: "A" }));
});

test("answers: a new form has the defaults of the label config", () => {
  const form = formFor(`<Choices name="a" toName="t"><Choice value="A" selected="true"/><Choice value="B"/></Choices>
    <TextArea name="b" toName="t" value="$t"/><Number name="c" toName="t" defaultValue="3"/><Rating name="d" toName="t"/>`);
  assert.deepEqual(initialFields(form), { a: ["A"], b: "x", c: "3" });
});

test("answers: a result that does not fit the form leaves it empty", () => {
  const form = formFor(`<Choices name="c" toName="t">${one}</Choices><DateTime name="d" toName="t"/>`);
  for (const result of [
    [null, 5, "x", []],
    [{ from_name: "c", type: "choices" }],
    [{ from_name: "c", type: "choices", value: { choices: ["gone"] } }],
    [{ from_name: "c", type: "rating", value: { rating: 4 } }],
    [{ from_name: "d", type: "datetime", value: { datetime: "soon" } }],
  ])
    assert.deepEqual(answersTo(form, resultToForm(form, result)), []);
});
