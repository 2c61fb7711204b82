import assert from "node:assert/strict";
import { test } from "node:test";

import { buildLabelForm } from "../../../src/label-config/form/label-form.ts";
import type { LabelForm } from "../../../src/label-config/form/parts.ts";
import { parseLabelConfig } from "../../../src/label-config/parse-label-config.ts";
import { templates } from "../../../src/label-config/templates.ts";

function formFor(tags: string, data: Record<string, unknown> = {}): LabelForm {
  return buildLabelForm(parseLabelConfig(`<View>${tags}</View>`).root, data);
}

/** The parts within the outermost View. */
function partsFor(tags: string, data: Record<string, unknown> = {}): unknown[] {
  const [view] = formFor(tags, data).parts;
  assert.equal(view?.tag, "View");
  return view.parts;
}

function partFor(tag: string, data: Record<string, unknown> = {}): Record<string, unknown> {
  return { ...Object(partsFor(tag, data)[0]) };
}

const text = '<Text name="t" value="$text"/>';

const objects: [string, string, Record<string, unknown>, object][] = [
  ["a text", text, { text: "Hi" }, { tag: "Text", name: "t", valueType: undefined, values: ["Hi"] }],
  ["a text among others", '<Text name="t" value="Dear $to,"/>', { to: "Ada" }, { values: ["Dear Ada,"] }],
  ["a number as a text", text, { text: 4 }, { values: ["4"] }],
  ["no text where the task has none", text, {}, { values: [] }],
  ["a text within the data", '<Text name="t" value="$a.b[1]"/>', { a: { b: ["x", "y"] } }, { values: ["y"] }],
  ["the address of a text", '<Text name="t" value="$u" valueType="url"/>', { u: "/x" }, { valueType: "url" }],
  ["HTML", '<HyperText name="h" value="$h"/>', { h: "<b>x</b>" }, { tag: "HyperText", values: ["<b>x</b>"] }],
  ["an image", '<Image name="i" value="$i"/>', { i: "/a.png" }, { tag: "Image", values: ["/a.png"] }],
  ["several images", '<Image name="i" valueList="$i"/>', { i: ["/a", "/b"] }, { values: ["/a", "/b"] }],
  ["a sound", '<Audio name="a" value="$a"/>', { a: "/a.mp3" }, { tag: "Audio", values: ["/a.mp3"] }],
  [
    "a sound by its old name",
    '<AudioPlus name="a" value="$a"/>',
    { a: "/a.mp3" },
    { tag: "Audio", values: ["/a.mp3"] },
  ],
  [
    "a header with its text inside",
    "<Header> Why <![CDATA[& how?]]> </Header>",
    {},
    { tag: "Header", text: "Why & how?", size: 4 },
  ],
  ["a header with both", '<Header value="One">Two</Header>', {}, { tag: "Header", text: "One" }],
  ["a video", '<Video name="v" value="$v"/>', { v: "/v.mp4" }, { tag: "Video", values: ["/v.mp4"] }],
  [
    "a talk",
    '<Paragraphs name="p" value="$p" nameKey="who" textKey="says"/>',
    { p: [{ who: "Ada", says: "Hi" }, { who: "Bo" }] },
    { tag: "Paragraphs", paragraphs: [{ author: "Ada", text: "Hi" }] },
  ],
  [
    "the members of an object as a table",
    '<Table name="x" value="$x"/>',
    { x: { a: 1, b: null } },
    {
      tag: "Table",
      columns: ["Name", "Value"],
      rows: [
        ["a", "1"],
        ["b", ""],
      ],
    },
  ],
  [
    "records as a table",
    '<Table name="x" value="$x"/>',
    { x: [{ a: 1 }, { b: "y" }] },
    {
      columns: ["a", "b"],
      rows: [
        ["1", ""],
        ["", "y"],
      ],
    },
  ],
  [
    "a list",
    '<List name="l" value="$l" title="Found"/>',
    { l: [{ id: 7, title: "A", body: "B" }] },
    { tag: "List", title: "Found", items: [{ id: "7", title: "A", body: "B", html: undefined }] },
  ],
  ["a header", '<Header value="Dear $to" size="2"/>', { to: "Bo" }, { tag: "Header", text: "Dear Bo", size: 2 }],
];

for (const [what, tag, data, expected] of objects)
  test(`form: ${what} is displayed`, () => {
    const part = partFor(tag, data);
    for (const [key, value] of Object.entries(expected)) assert.deepEqual(part[key], value, key);
  });

const controls: [string, string, object][] = [
  ["choices, one of them", '<Choices name="c" toName="t"/>', { choice: "single", layout: "vertical" }],
  ["choices in a line", '<Choices name="c" toName="t" showInline="true"/>', { layout: "inline" }],
  ["choices as a menu", '<Choices name="c" toName="t" layout="select" choice="single-radio"/>', { layout: "select" }],
  [
    "what has to be answered",
    '<TextArea name="c" toName="t" required="true" requiredMessage="Please!"/>',
    { required: true, requiredMessage: "Please!" },
  ],
  [
    "a text to write",
    '<TextArea name="c" toName="t" rows="3" maxSubmissions="1" placeholder="Say" value="$text"/>',
    { rows: 3, maxSubmissions: 1, placeholder: "Say", value: "Hi" },
  ],
  ["stars", '<Rating name="c" toName="t" maxRating="3"/>', { maxRating: 3 }],
  ["five stars", '<Rating name="c" toName="t"/>', { maxRating: 5 }],
  [
    "a number",
    '<Number name="c" toName="t" min="1" max="9" step="0.5" defaultValue="3"/>',
    { min: 1, max: 9, step: 0.5, defaultValue: 3 },
  ],
  ["a moment", '<DateTime name="c" toName="t"/>', { input: "datetime-local", format: "%Y-%m-%dT%H:%M" }],
  ["a day", '<DateTime name="c" toName="t" only="date" format="%d.%m.%Y"/>', { input: "date", format: "%d.%m.%Y" }],
  ["a time", '<DateTime name="c" toName="t" only="time"/>', { input: "time" }],
  ["a month", '<DateTime name="c" toName="t" only="month,year"/>', { input: "month" }],
  ["a year", '<DateTime name="c" toName="t" only="year" min="1990"/>', { input: "year", min: "1990" }],
  ["two to compare", '<Pairwise name="c" toName="t,u"/>', { left: "t", right: "u", to_name: "t,u" }],
];

for (const [what, tag, expected] of controls)
  test(`form: ${what} is a control`, () => {
    const root = parseLabelConfig(`<Other>${text}<Text name="u" value="$text"/><X>${tag}</X></Other>`).root;
    const control = root.children[2]?.children[0];
    assert.ok(control);
    const [part] = buildLabelForm(control, { text: "Hi" }).parts;
    const made: Record<string, unknown> = { ...part };
    for (const [key, value] of Object.entries(expected)) assert.deepEqual(made[key], value, key);
  });

test("form: an option is submitted by its alias and displayed by its value", () => {
  const { options } = partFor(`<Choices name="c" toName="c">
    <View><Choice value="Yes" alias="y" hint="Sure" hotkey="1" selected="true"/></View><Choice value="No"/></Choices>`);
  assert.deepEqual(options, [
    { key: "y", result: "y", label: "Yes", hint: "Sure", hotkey: "1", selected: true, options: [] },
    { key: "No", result: "No", label: "No", hint: undefined, hotkey: undefined, selected: false, options: [] },
  ]);
});

test("form: options are read from the task, as texts or as records", () => {
  const { options } = partFor('<Choices name="c" toName="c" value="$o"/>', { o: ["A", { value: "B", alias: "b" }] });
  assert.deepEqual(
    Object(options).map(({ key, label }: { key: string; label: string }) => [key, label]),
    [
      ["A", "A"],
      ["b", "B"],
    ],
  );
});

test("form: nested choices are left out unless allowNested is set", () => {
  const within = '<Choice value="A"><Choice value="B"/></Choice>';
  const flat = partFor(`<Choices name="c" toName="c">${within}</Choices>`).options;
  const nested = partFor(`<Choices name="c" toName="c" allowNested="true">${within}</Choices>`).options;
  assert.deepEqual(Object(flat)[0].options, []);
  assert.deepEqual(Object(nested)[0].options[0].result, ["A", "B"]);
});

test("form: the branches of a taxonomy can be selected unless leafsOnly is set", () => {
  const within = '<Choice value="A"><Choice value="B"/></Choice>';
  assert.equal(partFor(`<Taxonomy name="x" toName="x">${within}</Taxonomy>`).parents_selectable, true);
  assert.equal(
    partFor(`<Taxonomy name="x" toName="x" leafsOnly="true">${within}</Taxonomy>`).parents_selectable,
    false,
  );
});

test("form: a Ranker orders the items of its List", () => {
  const form = formFor('<List name="l" value="$l"/><Ranker name="r" toName="l"/>', { l: [{ id: "a" }, { id: "b" }] });
  const [ranker] = form.controls;
  assert.equal(ranker?.control.tag, "Ranker");
  assert.deepEqual(
    ranker.control.items.map(({ id }) => id),
    ["a", "b"],
  );
});

test("form: parts keep their order and their Views, and styles are left out", () => {
  const parts = partsFor(`<Style>.a {}</Style>${text}<View><Header value="h"/></View><Rating name="r" toName="t"/>`);
  assert.deepEqual(
    parts.map((part) => Object(part).tag),
    ["Text", "View", "Rating"],
  );
});

test("form: a View has the condition under which it is displayed", () => {
  const part = partFor('<View visibleWhen="choice-selected" whenTagName="c" whenChoiceValue="a"/>');
  assert.deepEqual(part.conditions, { visibleWhen: "choice-selected", whenTagName: "c", whenChoiceValue: "a" });
  assert.equal(partFor('<View visibleWhen="no-region-selected"/>').conditions, undefined);
});

test("form: region controls and unknown tags are reported with their lines", () => {
  const form = formFor(`\n${text}\n<Labels name="l" toName="t"><Label value="x"/></Labels>\n<Repeater on="$a"/>`);
  assert.deepEqual(form.unsupported, [
    { tag: "Labels", line: 3 },
    { tag: "Repeater", line: 4 },
  ]);
  assert.equal(form.has_regions, true);
});

for (const tag of ["RectangleLabels", "Polygon", "BrushLabels", "KeyPointLabels", "TimeSeriesLabels", "Relations"])
  test(`form: ${tag} is for regions`, () => {
    assert.equal(formFor(`${text}<${tag} name="x" toName="t"/>`).has_regions, true);
  });

const notAsked: [string, string][] = [
  ["a control of a region", '<Rating name="r" toName="t" perRegion="true"/>'],
  ["a View that waits for a region", '<View visibleWhen="region-selected"><Rating name="r" toName="t"/></View>'],
  ["a control of an item", '<Rating name="r" toName="t" perItem="true"/>'],
  ["a Ranker with buckets", '<Ranker name="r" toName="t"><Bucket name="b"/></Ranker>'],
  ["a taxonomy from elsewhere", '<Taxonomy name="r" toName="t" apiUrl="https://example.com/"/>'],
  ["a moment in words", '<DateTime name="r" toName="t" format="%A"/>'],
];

for (const [what, tag] of notAsked)
  test(`form: ${what} is not a control of the form`, () => {
    assert.deepEqual(formFor(`${text}${tag}`).controls, []);
  });

test("form: every template can be displayed with its sample", () => {
  for (const { id, label_config, sample } of templates) {
    const form = buildLabelForm(parseLabelConfig(label_config).root, sample);
    assert.deepEqual(form.unsupported, [], id);
    assert.ok(form.controls.length > 0, id);
    assert.equal(form.has_regions, false, id);
  }
});

test("form: text that stands in a View is shown before what is in it, that of a Style is not", () => {
  const [header, style] = partsFor(
    '<View>Read this.<Text name="t" value="$t"/></View><Style>.x { color: red }</Style>',
  ).map((part) => Object(part).parts?.[0]);

  assert.deepEqual(header, { tag: "Header", text: "Read this.", size: 4 });
  assert.equal(style, undefined);
});
