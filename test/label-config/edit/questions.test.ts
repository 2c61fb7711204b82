import assert from "node:assert/strict";
import { test } from "node:test";

import { editableQuestions, writeQuestions } from "../../../src/label-config/edit/questions.ts";
import type { EditableQuestion } from "../../../src/label-config/edit/questions.ts";
import { templates } from "../../../src/label-config/templates/index.ts";
import { labelConfigError } from "../../../src/label-config/validation/validate.ts";
import { sentimentSetup } from "../../support/projects.ts";

const setup = `<View>
  <Text name="text" value="$text"/>
  <!-- Choose well. -->
  <Header value="How &quot;good&quot;?" size="3"/>
  <Choices name="mood" toName="text"
           choice="single">
    <Choice value="Good > bad" hotkey="g"/>
    <Choice value="Bad"></Choice>
    <!-- </Choices> -->
    <Choice value="Can't tell" alias="unclear"/>
  </Choices>
  <View visibleWhen="choice-selected" whenTagName="mood" whenChoiceValue="Bad">
    <TextArea name="why" toName="text"/>
  </View>
</View>`;

function edit(change: (question: EditableQuestion) => void, inUse: string[] = [], text = setup): string {
  const questions = editableQuestions(text);
  for (const question of questions) change(question);
  return writeQuestions(text, questions, (_, stored) => inUse.includes(stored));
}

test("editing questions: those with a flat list of answers are found, with their headers", () => {
  assert.deepEqual(editableQuestions(setup), [
    {
      name: "mood",
      text: 'How "good"?',
      answers: [
        { stored: "Good > bad", label: "Good > bad" },
        { stored: "Bad", label: "Bad" },
        { stored: "unclear", label: "Can't tell" },
      ],
    },
  ]);
});

test("editing questions: without a change every template stays as it is written", () => {
  for (const { label_config } of [...templates, { label_config: setup }])
    assert.equal(
      edit(() => undefined, [], label_config),
      label_config,
    );
});

test("editing questions: answers are added, renamed, moved and removed, and all else stays", () => {
  const written = edit(({ answers }) => {
    answers.push({ stored: undefined, label: 'So "so" & <so>' });
    const [good, , unclear] = answers;
    if (good) good.label = "Great";
    answers.splice(2, 1);
    if (unclear) answers.unshift(unclear);
  });

  assert.equal(labelConfigError(written), undefined);
  assert.deepEqual(editableQuestions(written)[0]?.answers, [
    { stored: "unclear", label: "Can't tell" },
    { stored: "Great", label: "Great" },
    { stored: "Bad", label: "Bad" },
    { stored: 'So "so" & <so>', label: 'So "so" & <so>' },
  ]);
  assert.match(written, /<!-- Choose well. -->/);
  assert.match(written, /<Choice value="Great" hotkey="g"\/>/);
  assert.match(written, /\n {2}<\/Choices>\n {2}<View visibleWhen/);
});

test("editing questions: a renamed answer keeps what annotations and conditions know it by", () => {
  const rename = ({ answers }: EditableQuestion) => {
    for (const answer of answers) answer.label = `New ${answer.label}`;
  };
  const stored = (written: string) => editableQuestions(written)[0]?.answers.map((answer) => answer.stored);

  assert.deepEqual(stored(edit(rename)), ["New Good > bad", "Bad", "unclear"]);
  assert.deepEqual(stored(edit(rename, ["Good > bad"])), ["Good > bad", "Bad", "unclear"]);
});

test("editing questions: a question is changed, and added where there was none", () => {
  const changed = edit((question) => (question.text = "Is it <good>?"));
  assert.match(changed, /\n {2}<Header value="Is it &lt;good&gt;\?" size="3"\/>\n/);

  const added = edit((question) => (question.text = "What is the mood?"), [], sentimentSetup);
  assert.match(added, /\n {2}<Header value="What is the mood\?"\/>\n {2}<Choices name="sentiment"/);
  assert.equal(editableQuestions(added)[0]?.text, "What is the mood?");
});

test("editing questions: answers of the task, nested ones and those that are stored twice can't be edited here", () => {
  const choices = (attributes: string, inner: string) =>
    `<View><Text name="t" value="$t"/><Choices name="c" toName="t" ${attributes}>${inner}</Choices></View>`;

  for (const text of [
    choices('value="$options"', '<Choice value="a"/>'),
    choices("", '<Choice value="a"><Choice value="b"/></Choice>'),
    choices("", '<View><Choice value="a"/></View>'),
    choices("", '<Choice value="a"/><Choice value="b" alias="a"/>'),
    choices("", ""),
    "<View",
  ])
    assert.deepEqual(editableQuestions(text), [], text);
});

test("editing questions: a setup on one line stays valid", () => {
  const text =
    '<View><Text name="t" value="$t"/><Choices name="c" toName="t"><Choice value="a"/><Choice value="b"/></Choices></View>';

  const written = edit(({ answers }) => answers.reverse(), [], text);

  assert.equal(labelConfigError(written), undefined);
  assert.deepEqual(
    editableQuestions(written)[0]?.answers.map(({ label }) => label),
    ["b", "a"],
  );
});
