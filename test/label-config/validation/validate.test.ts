import assert from "node:assert/strict";
import { test } from "node:test";

import { templates } from "../../../src/label-config/templates/index.ts";
import { labelConfigError } from "../../../src/label-config/validation/validate.ts";

const text = '<Text name="t" value="$t"/>';
const choices = (attributes: string, within = '<Choice value="a"/>') => `<Choices ${attributes}>${within}</Choices>`;

// What Label Studio 1.23.2 answered to each.
const refused: [string, string][] = [
  ["", "no element found: line 1, column 0"],
  ["  \n ", "no element found: line 2, column 1"],
  ["<View", "unclosed token: line 1, column 0"],
  ["<View>", "no element found: line 1, column 6"],
  ["<View>abc", "no element found: line 1, column 9"],
  ['<View a="x/>', "unclosed token: line 1, column 0"],
  ["<View></Vie>", "mismatched tag: line 1, column 8"],
  ["<View>é</Viet>", "mismatched tag: line 1, column 9"],
  ["<View>\r\n<a>\r</b></View>", "mismatched tag: line 3, column 2"],
  ["<View><a></View>", "mismatched tag: line 1, column 11"],
  ['<View a="1" a="2"/>', "duplicate attribute: line 1, column 12"],
  ["<View/><b/>", "junk after document element: line 1, column 7"],
  ["<View/> x", "junk after document element: line 1, column 8"],
  ["</View>", "not well-formed (invalid token): line 1, column 1"],
  ["<View a=1/>", "not well-formed (invalid token): line 1, column 8"],
  ['<View a="<"/>', "not well-formed (invalid token): line 1, column 9"],
  ["<View b></View>", "not well-formed (invalid token): line 1, column 7"],
  ['<View a="b"c="d"/>', "not well-formed (invalid token): line 1, column 11"],
  ['<View>\n  <Text name="a" value="$a"\n</View>', "not well-formed (invalid token): line 3, column 0"],
  ["<View>&</View>", "not well-formed (invalid token): line 1, column 7"],
  ["<View>&amp</View>", "not well-formed (invalid token): line 1, column 10"],
  ["<View>]]></View>", "not well-formed (invalid token): line 1, column 8"],
  ["<View><!-- -- --></View>", "not well-formed (invalid token): line 1, column 13"],
  ["<View><!-- x</View>", "unclosed token: line 1, column 6"],
  ["<View><![CDATA[ab</View>", "unclosed CDATA section: line 1, column 24"],
  ["<View>&nbsp;</View>", "undefined entity: line 1, column 6"],
  ['<View><b a="&nbsp;"/></View>', "undefined entity: line 1, column 6"],
  ["<View>&#x1;</View>", "reference to invalid character number: line 1, column 6"],
  ['<View x:a="1"/>', "unbound prefix: line 1, column 0"],
  ["abc", "syntax error: line 1, column 0"],
  ["5", "syntax error: line 1, column 0"],
  ["-5a", "syntax error: line 1, column 0"],
  ["5<View/>", "not well-formed (invalid token): line 1, column 1"],
  [" <?xml version='1.0'?><View/>", "XML or text declaration not at start of entity: line 1, column 1"],
  ["<!DOCTYPE x><View/>", "DTDForbidden(name='x', system_id=None, public_id=None)"],
  [
    '<!DOCTYPE lol [<!ENTITY a "a"><!ENTITY b "&a;&a;">]><View>&b;</View>',
    "DTDForbidden(name='lol', system_id=None, public_id=None)",
  ],
  ['<View><Text name="t"/></View>', "Validation failed on : 'value' is a required property"],
  ["<View><Text/></View>", "Validation failed on : 'name' is a required property"],
  [`<View>${text}<Text name="u"/></View>`, "Validation failed on 1: 'value' is a required property"],
  [`<View>${text}${choices('toName="t"')}</View>`, "Validation failed on : 'name' is a required property"],
  [`<View>${text}${choices('name="c"')}</View>`, "Validation failed on : 'toName' is a required property"],
  [
    `<View>${text}${choices('name="c" toName="t"', "")}</View>`,
    "Validation failed on : 'Choice' is a required property",
  ],
  [
    `<View>${text}${choices('name="c" toName="t"', '<Choice value="a"/><Choice/>')}</View>`,
    "Validation failed on Choice/1: 'value' is a required property",
  ],
  [
    `<View>${text}<View>${choices('name="c" toName="t"', "<Choice/>")}</View></View>`,
    "Validation failed on Choice/0: 'value' is a required property",
  ],
  [`<View>${text}<Labels name="c" toName="t"/></View>`, "Validation failed on : 'Label' is a required property"],
  [`<View>${text}<TextArea name="c"/></View>`, "Validation failed on : 'toName' is a required property"],
  [`<View>${text}<Number/></View>`, "Validation failed on : 'name' is a required property"],
  ["<View><Image/><Text name='t' value='$t'/></View>", "Validation failed on : 'name' is a required property"],
  [`<View>${text}${text}</View>`, "Label config contains non-unique names"],
  [`<View>${text}<Style>[name="t"] {}</Style></View>`, "Label config contains non-unique names"],
  [`<View>${choices('name="c" toName="nope"')}</View>`, "toName=\"nope\" not found in names: ['c']"],
  [`<View>${text}<Rating name="r" toName="t, x"/></View>`, "toName=\" x\" not found in names: ['r', 't']"],
  [`<View>${text}<Rating name="it's" toName="x"/></View>`, `toName="x" not found in names: ["it's", 't']`],
  [
    '<View><Video name="v" value="$v" defaultPlaybackSpeed="x"/></View>',
    'Video tag "v": defaultPlaybackSpeed must be a number, got "x"',
  ],
  [
    '<View><Video name="v" value="$v" defaultPlaybackSpeed="1" minPlaybackSpeed="2"/></View>',
    'Video tag "v": minPlaybackSpeed (2.0) must not exceed defaultPlaybackSpeed (1.0)',
  ],
];

for (const [label_config, message] of refused)
  test(`label config: ${JSON.stringify(label_config)} is refused in the words of Label Studio`, () => {
    assert.equal(labelConfigError(label_config)?.message, message);
  });

const accepted = [
  "<View></View>",
  "<Foo/>",
  "<View>text</View>",
  '<?xml version="1.0"?>\n<View/>',
  '<?xml version="1.0" encoding="utf-8"?><View/>',
  "\uFEFF<View/>",
  "<View><!-- a remark --><![CDATA[ <raw> ]]></View><!-- another -->",
  '<View xmlns:a="q" a:b="1"/>',
  `<View>${text}<Rating/><Unknown name="u"/></View>`,
  `<View>${text}${choices('name="c" toName="t" value="$options"', "")}</View>`,
  `<View>${text}${choices('name="c" toName="t"', '<View><Choice value="a"/></View>')}</View>`,
  `<View>${text}<Rating name="r" toName="t,t"/></View>`,
];

for (const label_config of accepted)
  test(`label config: ${JSON.stringify(label_config)} can be used`, () => {
    assert.equal(labelConfigError(label_config), undefined);
  });

const explained: [string, { line: number; tag: string | undefined; explanation: string }][] = [
  [
    '<View>\n  <Text name="t"/>\n</View>',
    { line: 2, tag: "Text", explanation: "Line 2, <Text>: add the attribute value." },
  ],
  [
    `<View>\n${text}\n\n${choices('name="c" toName="nope"')}\n</View>`,
    {
      line: 4,
      tag: "Choices",
      explanation: "Line 4, <Choices>: No tag is named “nope”. Names here: c, t.",
    },
  ],
  [
    `<View>\n${text}\n${text}</View>`,
    {
      line: 3,
      tag: "Text",
      explanation: "Line 3, <Text>: the name t is taken by <Text> in line 2. Choose another one.",
    },
  ],
  [
    `<View>\n${text}\n<Choices name="c"\n  toName="t"/></View>`,
    { line: 3, tag: "Choices", explanation: "Line 3, <Choices>: add at least one <Choice> inside." },
  ],
  ["\n<View>\n<Text>\n</Text>", { line: 2, tag: "View", explanation: "Line 2: <View> is never closed. Add </View>." }],
  [
    "<View>\n</Viev>",
    { line: 2, tag: undefined, explanation: "Line 2: Found </Viev>, but </View> has to come first." },
  ],
];

for (const [label_config, { line, tag, explanation }] of explained)
  test(`label config: the explanation for people is: ${explanation}`, () => {
    const problem = labelConfigError(label_config);
    assert.deepEqual(
      { line: problem?.line, tag: problem?.tag, explanation: problem?.explanation },
      { line, tag, explanation },
    );
  });

test("label config: a text that is too long is refused without parsing it", () => {
  assert.match(labelConfigError("<".repeat(1_000_001))?.message ?? "", /too long: use at most 500000 characters/);
});

test("label config: tags that are nested too deep are refused with their line", () => {
  const problem = labelConfigError(`${"<View>\n".repeat(300)}${"</View>".repeat(300)}`);
  assert.match(problem?.message ?? "", /^Excessive depth in document: 256/);
  assert.equal(problem?.line, 257);
});

test("label config: attributes named like methods of objects are accepted", () => {
  for (const name of ["hasOwnProperty", "__proto__", "constructor", "toString"])
    assert.doesNotThrow(
      () => labelConfigError(`<View ${name}="x" b="y"><Text name="${name}" value="$t"/></View>`),
      name,
    );
});

test("label config: every template can be used", () => {
  for (const { id, label_config } of templates) assert.equal(labelConfigError(label_config), undefined, id);
});

test("label config: toName without its capital N is refused as in Label Studio, with how to write it", () => {
  const rating = '<Rating name="r" toname="t"/>';
  for (const tags of [text + rating, rating + text]) {
    const error = labelConfigError(`<View>${tags}</View>`);
    assert.equal(error?.message, "Label config contains non-unique names");
    assert.equal(error.explanation, "Line 1, <Rating>: write toName with a capital N, not toname.");
  }
});
