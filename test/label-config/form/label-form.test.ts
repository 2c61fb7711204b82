import assert from "node:assert/strict";
import { test } from "node:test";

import { limits } from "../../../src/common/limits.ts";
import { buildLabelForm } from "../../../src/label-config/form/label-form.ts";
import { labelersOmissions, omissionNotes } from "../../../src/label-config/form/omissions.ts";
import type { Omission, OmissionReason } from "../../../src/label-config/form/omissions.ts";
import type { LabelForm } from "../../../src/label-config/form/parts.ts";
import { parseLabelConfig } from "../../../src/label-config/parse-label-config.ts";
import { templates } from "../../../src/label-config/templates/index.ts";

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
    { p: [{ who: "Bo" }, { who: "Ada", says: "Hi" }] },
    { tag: "Paragraphs", paragraphs: [{ author: "Ada", text: "Hi", index: 1 }] },
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
  [
    "HTML within the tag",
    '<HyperText name="h"><p>Hi <b>$you</b></p></HyperText>',
    { you: "Ada" },
    { values: ["<p>Hi <b>Ada</b></p>"] },
  ],
  ["HTML as characters", '<HyperText name="h"><![CDATA[<p>Hi</p>]]></HyperText>', {}, { values: ["<p>Hi</p>"] }],
  ["text within the tag", '<Text name="t">Read &amp; rate</Text>', {}, { values: ["Read & rate"] }],
  ["a document", '<Pdf name="p" value="$p"/>', { p: "/a.pdf" }, { tag: "Pdf", values: ["/a.pdf"] }],
  [
    "a talk in a file",
    '<Paragraphs name="p" value="$p" valueType="url" audioUrl="$a"/>',
    { p: "/talk.json", a: "/talk.mp3" },
    { paragraphs: [], address: "/talk.json", audio: "/talk.mp3" },
  ],
  [
    "an old Dialog",
    '<Dialog name="d" value="$d"/>',
    { d: [{ name: "Ada", text: "Hi" }] },
    { tag: "Paragraphs", paragraphs: [{ author: "Ada", text: "Hi", index: 0 }] },
  ],
  [
    "messages",
    '<Chat name="c" value="$c"/>',
    {
      c: [
        { role: "user", content: "<b>Hi</b>\nyou" },
        { role: "assistant", content: [{ type: "text", text: "Yes" }] },
        {},
      ],
    },
    {
      tag: "Chat",
      messages: [
        { role: "user", text: "<b>Hi</b>\nyou" },
        { role: "assistant", text: "Yes" },
      ],
    },
  ],
  [
    "a table of plain values",
    '<Table name="x" value="$x"/>',
    { x: ["a", 2] },
    {
      columns: ["Name", "Value"],
      rows: [
        ["0", "a"],
        ["1", "2"],
      ],
    },
  ],
  ["a table as JSON", '<Table name="x" value="$x"/>', { x: '[{"a": 1}]' }, { columns: ["a"], rows: [["1"]] }],
  [
    "a table as CSV",
    '<Table name="x" value="$x" valueType="csv|separator=;"/>',
    { x: 'a;"b;c"\r\n1;"say ""hi""\nthere"\n' },
    { columns: ["a", "b;c"], rows: [["1", 'say "hi"\nthere']] },
  ],
  ["a table that is none", '<Table name="x" value="$x"/>', { x: "{oops" }, { rows: [["0", "{oops"]] }],
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
    { key: "y", result: "y", label: "Yes", html: undefined, hint: "Sure", hotkey: "1", selected: true, options: [] },
    {
      key: "No",
      result: "No",
      label: "No",
      html: undefined,
      hint: undefined,
      hotkey: undefined,
      selected: false,
      options: [],
    },
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

const omitted: [string, string, OmissionReason][] = [
  ["labels of what is not there", '<Labels name="l" toName="nothing"><Label value="x"/></Labels>', "region"],
  ["labels without a name", '<Labels toName="t"><Label value="x"/></Labels>', "region"],
  ["labels of pictures", '<RectangleLabels name="l" toName="t"/>', "region"],
  ["shapes", '<Polygon name="l" toName="t"/>', "region"],
  ["masks", '<BrushLabels name="l" toName="t"/>', "region"],
  ["points", '<KeyPointLabels name="l" toName="t"/>', "region"],
  ["parts of a series", '<TimeSeriesLabels name="l" toName="t"/>', "region"],
  ["relations", '<Relations><Relation value="x"/></Relations>', "region"],
  ["a taxonomy of regions", '<Taxonomy name="l" toName="t" labeling="true"/>', "region"],
  ["a question about a region", '<Rating name="l" toName="t" perRegion="true"/>', "per_region"],
  ["what waits for a region", '<View visibleWhen="region-selected"><Rating name="l" toName="t"/></View>', "per_region"],
  ["a question about each picture", '<Rating name="l" toName="t" perItem="true"/>', "per_item"],
  ["options from elsewhere", '<Taxonomy name="l" toName="t" apiUrl="https://example.com/"/>', "remote_options"],
  ["a date in words", '<DateTime name="l" toName="t" format="%A"/>', "date_format"],
  ["a ranking of no list", '<Ranker name="l" toName="t"/>', "no_list"],
  ["a comparison with nothing", '<Pairwise name="l" toName="t"/>', "two_objects"],
  ["a question without a name", '<Rating toName="t"/>', "no_name"],
  ["a language model", '<Chat name="l" value="$c" llm="openai/x"/>', "model"],
  ["a tag that nobody knows", '<Hologram name="l" value="$c"/>', "unknown"],
  ["a search field", '<Filter name="l" toName="t"/>', "search"],
  ["a style", "<Style>.a { color: red }</Style>", "look"],
];

for (const [what, tag, reason] of omitted)
  test(`form: ${what} is named, with its line and why it is not here`, () => {
    const [omission, ...others] = formFor(`\n${text}\n${tag}`).omissions;
    assert.deepEqual([omission?.line, omission?.reason, others.length], [3, reason, 0]);
    assert.ok(omissionNotes([omission as Omission])[0]?.reason);
  });

test("form: reasons are said once each, with all their tags", () => {
  const { omissions } = formFor(`${text}<Style/><Brush name="b" toName="t"/><Polygon name="l" toName="t"/><Brush/>`);
  assert.deepEqual(omissionNotes(labelersOmissions(omissions)), [
    { tags: ["Brush", "Polygon"], reason: "regions can’t be drawn here yet", line: 1 },
  ]);
});

const notAsked: [string, string][] = [
  ["a control of a region", '<Rating name="r" toName="t" perRegion="true"/>'],
  ["a View that waits for a region", '<View visibleWhen="region-selected"><Rating name="r" toName="t"/></View>'],
  ["a control of an item", '<Rating name="r" toName="t" perItem="true"/>'],
  ["a Ranker of no list", '<Ranker name="r" toName="t"><Bucket name="b"/></Ranker>'],
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
    assert.deepEqual(form.omissions, [], id);
    assert.ok(form.controls.length + form.regions.markers.length > 0, id);
  }
});

test("form: text between tags stands where it was written, in any container", () => {
  const parts = partsFor(`One ${text} two $text <Collapse>three <Panel value="P">four</Panel></Collapse>`, {
    text: "A",
  });
  const outline = (list: unknown[]): unknown[] =>
    list.map((part) => (Object(part).parts ? outline(Object(part).parts) : (Object(part).text ?? Object(part).tag)));
  assert.deepEqual(outline(parts), ["One", "Text", "two A", ["three", ["four"]]]);
});

test("form: the text in a control is its question", () => {
  const [header, control] = partsFor('<Choices name="c" toName="t">Which?<Choice value="A"/></Choices>') as {
    text: string;
  }[];
  assert.equal(header?.text, "Which?");
  assert.equal(Object(control).tag, "Choices");
});

test("form: a control without toName is about the only object, a text about the first", () => {
  const controls = (tags: string) => formFor(tags).controls.map(({ control }) => `${control.name} ${control.to_name}`);
  const more = '<Image name="i" value="$i"/>';
  assert.deepEqual(controls(`${text}<Rating name="r"/><TextArea name="w"/>`), ["r t", "w t"]);
  assert.deepEqual(controls(`${text}${more}<Rating name="r"/><TextArea name="w"/>`), ["w t"]);
  assert.deepEqual(
    formFor(`${text}${more}<Rating name="r"/>`).omissions.map(({ reason }) => reason),
    ["no_object"],
  );
});

test("form: panels open and close, one of an accordion at a time", () => {
  const panels = (tags: string) =>
    (partsFor(tags)[0] as { parts: { panel: { title: string; is_open: boolean; group?: string } }[] }).parts.map(
      ({ panel: { title, is_open, group } }) => [title, is_open, group !== undefined],
    );
  const inside = '<Panel value="A"/><Panel value="B" open="true"/>';
  assert.deepEqual(panels(`<Collapse>${inside}</Collapse>`), [["A", false, true], ["B", true, true]]); // prettier-ignore
  assert.deepEqual(panels(`<Collapse accordion="false" open="true">${inside}</Collapse>`), [["A", true, false], ["B", true, false]]); // prettier-ignore
});

test("form: a Repeater asks about each entry, with the names that Label Studio gives", () => {
  const tags = `<Repeater on="$pages" indexFlag="{{i}}"><Image name="p_{{i}}" value="$pages[{{i}}].url"/>
    <Choices name="c_{{i}}" toName="p_{{i}}"><Choice value="A"/></Choices></Repeater>`;
  const form = formFor(tags, { pages: [{ url: "/1.png" }, { url: "/2.png" }] });

  assert.deepEqual(form.controls.map(({ control }) => [control.name, control.to_name]), [["c_0", "p_0"], ["c_1", "p_1"]]); // prettier-ignore
  const entries = (form.parts[0] as { parts: { entry: object; parts: { values: string[] }[] }[] }).parts;
  assert.deepEqual(entries.map(({ entry, parts }) => [entry, parts[0]?.values]), [
    [{ number: 1, count: 2 }, ["/1.png"]],
    [{ number: 2, count: 2 }, ["/2.png"]],
  ]); // prettier-ignore
  assert.deepEqual(formFor(tags, { pages: "none" }).controls, []);
});

test("form: Repeaters in each other name their entries by both counters", () => {
  const form = formFor(
    `<Repeater on="$a" indexFlag="{{i}}"><Repeater on="$a[{{i}}].b" indexFlag="{{j}}">
      <Text name="t_{{i}}_{{j}}" value="$a[{{i}}].b[{{j}}]"/><Rating name="r_{{i}}_{{j}}" toName="t_{{i}}_{{j}}"/>
    </Repeater></Repeater>`,
    { a: [{ b: ["x"] }, { b: ["y", "z"] }] },
  );
  assert.deepEqual(form.controls.map(({ control }) => control.name), ["r_0_0", "r_1_0", "r_1_1"]); // prettier-ignore
});

test("form: a Repeater of more than a page can hold is cut, and that is named", () => {
  const list = Array.from({ length: limits.repeatedTags }, () => "x");
  const form = formFor('<Repeater on="$list"><Rating name="r_{{idx}}" toName="r"/></Repeater>', { list });
  assert.ok(form.controls.length > 1000 && form.controls.length < list.length);
  assert.deepEqual(form.omissions.map(({ reason }) => reason), ["too_many_entries"]); // prettier-ignore
});

test("form: text that stands in a View is shown before what is in it, that of a Style is not", () => {
  const [header, style] = partsFor(
    '<View>Read this.<Text name="t" value="$t"/></View><Style>.x { color: red }</Style>',
  ).map((part) => Object(part).parts?.[0]);

  assert.deepEqual(header, { tag: "Header", text: "Read this.", size: 4 });
  assert.equal(style, undefined);
});

const ner =
  '<Labels name="l" toName="t"><Label value="Person" alias="PER" background="red"/><Label value="Place"/></Labels>';

test("form: labels of a text are no question of the form, but what marks its spans, with a color each", () => {
  const form = formFor(text + ner, { text: "A text" });
  assert.deepEqual(form.controls, []);
  assert.deepEqual(form.omissions, []);
  const [marker] = form.regions.markers;
  assert.deepEqual([marker?.kind, marker?.name, marker?.type, marker?.target], ["span", "l", "labels", "t"]);
  const shown = marker?.palette?.labels.map(({ result, words, color }) => [result, words, color]);
  assert.deepEqual(shown, [["PER", "Person", 3], ["Place", "Place", 1]]); // prettier-ignore
});

test("form: labels may come from the task, as texts or with their value, alias and color", () => {
  const { regions } = formFor(`${text}<Labels name="l" toName="t" value="$labels"><Label value="Last"/></Labels>`, {
    text: "A text",
    labels: ["One", { value: "Two", alias: "2", background: "gray" }],
  });
  const labels = regions.markers[0]?.palette?.labels.map(({ result, words, color }) => [result, words, color]);
  assert.deepEqual(labels, [["One", "One", 1], ["2", "Two", 13], ["Last", "Last", 2]]); // prettier-ignore
});

test("form: what is asked about regions is kept with its words, and about which regions it is", () => {
  const { regions, controls, omissions } = formFor(
    `${text}${ner}<Header value="How sure?"/><Rating name="r" toName="t" perRegion="true" whenLabelValue="Person"/>
     <View visibleWhen="region-selected" whenTagName="l"><Header value="Why?"/><TextArea name="w" toName="t" perRegion="true"/></View>`,
    { text: "A text" },
  );
  assert.deepEqual([controls, omissions], [[], []]);
  assert.deepEqual(
    regions.questions.map(({ question, control, asked_of }) => [question, control.name, asked_of]),
    [
      ["How sure?", "r", [{ whenTagName: undefined, whenLabelValue: "Person", whenChoiceValue: undefined }]],
      ["Why?", "w", [{ whenTagName: "l", whenLabelValue: undefined, whenChoiceValue: undefined }]],
    ],
  );
});

test("form: relations are offered where regions are marked", () => {
  const { regions, omissions } = formFor(`<Relations><Relation value="knows"/></Relations>${text}${ner}`, {
    text: "A",
  });
  assert.deepEqual(regions.relations, { tag: "Relations", labels: ["knows"], is_multiple: true });
  assert.deepEqual(omissions, []);
});

test("form: a text at another address is not marked, and that is said", () => {
  const { omissions } = formFor(`<Text name="t" value="$text" valueType="url"/>${ner}`, {
    text: "https://example.com/a.txt",
  });
  assert.deepEqual(omissions.map(({ tag, reason }) => [tag, reason]), [["Labels", "text_elsewhere"]]); // prettier-ignore
});
