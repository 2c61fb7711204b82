import assert from "node:assert/strict";
import { test } from "node:test";

import { parseLabelConfig } from "../../src/label-config/parse-label-config.ts";
import { controlWeights, essentialDataChanged } from "../../src/label-config/parsed-label-config.ts";

const text = '<Text name="text" value="$text"/>';
const choices = '<Choices name="label" toName="text"><Choice value="pos"/><Choice value="neg"/></Choices>';
const label = {
  type: "Choices",
  to_name: ["text"],
  inputs: [{ type: "Text", valueType: null, value: "text" }],
  labels: ["pos", "neg"],
  labels_attrs: { pos: { value: "pos" }, neg: { value: "neg" } },
};

test("label config: controls are described as in Label Studio", () => {
  const labelConfig = parseLabelConfig(`<View>${text}${choices}</View>`);
  assert.deepEqual(labelConfig.parsed_label_config, { label });
  assert.deepEqual(controlWeights(labelConfig.parsed_label_config), {
    label: { overall: 1, type: "Choices", labels: { pos: 1, neg: 1 } },
  });
  assert.equal(labelConfig.config_has_control_tags, true);
  assert.equal(labelConfig.config_suitable_for_bulk_annotation, true);
});

test("label config: an empty one has no controls", () => {
  const labelConfig = parseLabelConfig("<View></View>");
  assert.deepEqual(labelConfig.parsed_label_config, {});
  assert.equal(labelConfig.config_has_control_tags, false);
  assert.equal(labelConfig.config_suitable_for_bulk_annotation, true);
});

test("label config: a label is listed by its alias, and nested ones belong to their control", () => {
  const { parsed_label_config } = parseLabelConfig(`<View>${text}<Taxonomy name="tree" toName="text">
    <View><Choice value="Animal" alias="a"><Choice value="Cat"/></Choice></View></Taxonomy></View>`);
  assert.deepEqual(parsed_label_config.tree?.labels, ["a", "Cat"]);
  assert.deepEqual(parsed_label_config.tree?.labels_attrs.a, { value: "Animal", alias: "a" });
});

const details: [string, string, object][] = [
  [
    "a control of a region has its condition",
    `<View>${text}<Rating name="r" toName="text" perRegion="true" whenLabelValue="PER"/></View>`,
    { conditionals: { type: "label", name: "PER" } },
  ],
  [
    "options of the task are marked as dynamic",
    `<View>${text}<Choices name="r" toName="text" value="$options"/></View>`,
    { dynamic_labels: true },
  ],
  [
    "names that a Repeater numbers get a pattern",
    `<View><Repeater on="$pages" indexFlag="{{i}}"><Image name="p{{i}}" value="$pages[{{i}}]"/>
      <Rating name="r" toName="p{{i}}"/></Repeater></View>`,
    { regex: { "{{i}}": ".*" } },
  ],
  [
    "a control may ask about two objects",
    `<View>${text}<Image name="i" valueList="$images"/><Pairwise name="r" toName="text,i"/></View>`,
    {
      inputs: [
        { type: "Text", valueType: null, value: "text" },
        { type: "Image", valueType: null, valueList: "images" },
      ],
    },
  ],
];

for (const [sentence, label_config, expected] of details)
  test(`label config: ${sentence}`, () => {
    const control: Record<string, unknown> = {
      ...Object.values(parseLabelConfig(label_config).parsed_label_config)[0],
    };
    for (const [key, value] of Object.entries(expected)) assert.deepEqual(control[key], value);
  });

test("label config: earlier weights are unchanged, new labels have the weight 1", () => {
  const { parsed_label_config } = parseLabelConfig(`<View>${text}${choices}</View>`);
  const earlier = { label: { overall: 0.5, type: "Choices", labels: { pos: 0.2, gone: 3 } } };
  assert.deepEqual(controlWeights(parsed_label_config, earlier), {
    label: { overall: 0.5, type: "Choices", labels: { pos: 0.2, neg: 1 } },
  });
});

const unfit: [string, string][] = [
  ["regions", `<Labels name="l" toName="text"><Label value="a"/></Labels>`],
  ["controls of regions", `<TextArea name="l" toName="text" perRegion="true"/>`],
  ["controls of items", `<Rating name="l" toName="text" perItem="true"/>`],
  ["options of the task", `<Choices name="l" toName="text" value="$o"/>`],
  ["a taxonomy from elsewhere", `<Taxonomy name="l" toName="text" apiUrl="x"/>`],
];

for (const [what, control] of unfit)
  test(`label config: ${what} can't be answered in bulk`, () => {
    assert.equal(parseLabelConfig(`<View>${text}${control}</View>`).config_suitable_for_bulk_annotation, false);
  });

const changes: [string, string, true | null][] = [
  ["the same setup", `<View>${text}${choices}</View>`, null],
  ["another style", `<View><Style/>${text}${choices}</View>`, null],
  ["one more answer", `<View>${text}${choices.replace("</Choices>", '<Choice value="x"/></Choices>')}</View>`, null],
  ["an answer less", `<View>${text}${choices.replace('<Choice value="neg"/>', "")}</View>`, true],
  ["one more control", `<View>${text}${choices}<Rating name="r" toName="text"/></View>`, true],
  ["another variable", `<View>${text.replace("$text", "$body")}${choices}</View>`, true],
];

for (const [change, label_config, changed] of changes)
  test(`label config: ${change} ${changed ? "changes" : "does not change"} what answers mean`, () => {
    const before = parseLabelConfig(`<View>${text}${choices}</View>`).parsed_label_config;
    assert.equal(essentialDataChanged(parseLabelConfig(label_config).parsed_label_config, before), changed);
  });

test("label config: names like those of methods of objects are accepted", () => {
  const { parsed_label_config } = parseLabelConfig(`<View><Text name="__proto__" value="$__proto__"/>
    <Choices name="constructor" toName="__proto__"><Choice value="__proto__"/></Choices></View>`);
  assert.deepEqual(Object.keys(parsed_label_config), ["constructor"]);
  assert.deepEqual(Object.values(controlWeights(parsed_label_config, {}))[0]?.overall, 1);
});
