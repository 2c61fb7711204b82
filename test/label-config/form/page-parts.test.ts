import assert from "node:assert/strict";
import { test } from "node:test";

import { buildLabelForm } from "../../../src/label-config/form/label-form.ts";
import { pageForm } from "../../../src/label-config/form/page-parts.ts";
import type { PageForm } from "../../../src/label-config/form/page-parts.ts";
import { questionsByName } from "../../../src/label-config/form/questions.ts";
import type { Fields } from "../../../src/label-config/form/visibility.ts";
import { parseLabelConfig } from "../../../src/label-config/parse-label-config.ts";

function page(tags: string, fields: Fields = {}): PageForm {
  const form = buildLabelForm(parseLabelConfig(`<View>${tags}</View>`).root, { text: "A", more: "B" });
  return pageForm(form, { fields, errors: {}, clean: (html) => html });
}

/** The tags of the parts, those within Views in brackets. */
function tagsOf(parts: PageForm["data"]): string {
  return parts.map(({ part, parts: inner }) => (part.tag === "View" ? `(${tagsOf(inner)})` : part.tag)).join(" ");
}

const text = '<Text name="t" value="$text"/>';
const more = '<Text name="m" value="$more"/>';
const rating = '<Rating name="r" toName="t"/>';

const splits: [what: string, tags: string, data: string, questions: string][] = [
  ["questions before and after the data", `${rating}${text}<Number name="n" toName="t"/>`, "(Text)", "(Rating Number)"],
  ["a header of the data", `<Header value="Read"/>${text}${rating}`, "(Header Text)", "(Rating)"],
  ["a header that is a question", `${text}<Header value="Good?"/>${rating}`, "(Text)", "(Rating)"],
  [
    "a header of several questions",
    `${text}<Header value="Now"/><View>${rating}</View>`,
    "(Text)",
    "(Header (Rating))",
  ],
  [
    "a header of data and questions",
    `<Header value="Now"/><View>${text}${rating}</View>`,
    "(Header (Text))",
    "((Rating))",
  ],
  ["a header at the end", `${text}${rating}<Header value="Thanks"/>`, "(Text)", "(Rating Header)"],
  ["nothing but a header", '<Header value="Hello"/>', "(Header)", ""],
  ["a comparison", `${text}${more}<Pairwise name="p" toName="t,m"/>`, "(Pairwise)", "(Pairwise)"],
  ["no question", text, "(Text)", ""],
  ["no data", '<Number name="n" toName="t"/>', "", "(Number)"],
];

for (const [what, tags, data, questions] of splits)
  test(`page: ${what} are on their sides`, () => {
    const form = page(tags);
    assert.deepEqual([tagsOf(form.data), tagsOf(form.questions)], [data, questions]);
  });

test("page: what a comparison compares is shown with the data, once", () => {
  const [view] = page(`${text}${more}<Pairwise name="p" toName="t,m"/>`).data;
  assert.deepEqual(view?.parts[0]?.sides.map(({ part }) => "name" in part && part.name), ["t", "m"]); // prettier-ignore
});

test("page: a question that does not apply yet is hidden from the start", () => {
  const tags = `${text}<Choices name="c" toName="t"><Choice value="A"/></Choices>
    <Rating name="r" toName="t" visibleWhen="choice-selected" whenTagName="c" whenChoiceValue="A"/>`;
  const isHidden = (fields: Fields) => page(tags, fields).questions[0]?.parts[1]?.is_hidden;

  assert.deepEqual([isHidden({}), isHidden({ c: "A" })], [true, false]);
});

test("page: questions about the entries of a list have no number of their own, answers in a list of them do", () => {
  const setup = `<Repeater on="$list"><Text name="t_{{idx}}" value="x"/><Rating name="how_good_{{idx}}" toName="t_{{idx}}"/></Repeater>`;
  const form = buildLabelForm(parseLabelConfig(`<View>${setup}</View>`).root, { list: ["a", "b"] });
  const { questions } = pageForm(form, { fields: {}, errors: {}, clean: (html) => html });

  assert.deepEqual(questions[0]?.parts.map(({ parts: [part] }) => part?.legend), ["How good", "How good"]); // prettier-ignore
  assert.deepEqual([...questionsByName(form.parts).values()], ["How good (1 of 2)", "How good (2 of 2)"]);
});
