import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { sampleTask } from "../../src/imports/examples.ts";
import { allOptions } from "../../src/label-config/form/options.ts";
import { buildLabelForm } from "../../src/label-config/form/label-form.ts";
import { labelersOmissions, omissionNotes } from "../../src/label-config/form/omissions.ts";
import type { ControlPart, LabelForm } from "../../src/label-config/form/parts.ts";
import { rankField } from "../../src/label-config/form/ranker-fields.ts";
import type { Fields } from "../../src/label-config/form/visibility.ts";
import { parseLabelConfig } from "../../src/label-config/parse-label-config.ts";
import { formToResult } from "../../src/label-config/results/form-to-result.ts";
import { mergeRawResult } from "../../src/label-config/results/raw-result.ts";
import { resultToForm } from "../../src/label-config/results/result-to-form.ts";
import { checkTaskData } from "../../src/label-config/task-data.ts";
import { labelConfigError } from "../../src/label-config/validation/validate.ts";

/** The tags of the templates that ship with Label Studio 1.23.2, by folder and name; words are shortened. */
const templates = Object.entries(
  JSON.parse(readFileSync("test/fixtures/label-studio-1.23.2/templates.json", "utf8")) as Record<string, string>,
);

const documentation = readFileSync("docs/compatibility.md", "utf8");

function formOf(label_config: string): LabelForm {
  const { root, data_types } = parseLabelConfig(label_config);
  const data = sampleTask(data_types);
  assert.equal(checkTaskData(data, data_types), undefined);
  return buildLabelForm(root, data);
}

/** The template's row in the documentation. */
function rowOf(name: string, form: LabelForm): string[] {
  const notes = omissionNotes(labelersOmissions(form.omissions));
  const why = notes.map(({ tags, reason }) => `${tags.join(", ")}: ${reason}`).join("; ");
  const asked = form.controls.length + form.regions.markers.length;
  const answered = asked === 0 ? "not" : notes.length ? "in part" : "whole";
  return [name, answered, why];
}

function answerTo(control: ControlPart): [string, string | string[]][] {
  const { name } = control;
  if (control.tag === "Choices" || control.tag === "Taxonomy") {
    const [option] = allOptions(control.options).filter(({ options }) => options.length === 0);
    return [[name, option?.key ?? ""]];
  }
  if (control.tag === "Ranker") return control.items.map(({ id }) => [rankField(control, id), "1"]);
  if (control.tag === "Pairwise") return [[name, "left"]];
  if (control.tag === "ChatMessage") return [[name, Array.from({ length: control.minMessages ?? 1 }, () => "Hi")]];
  return [[name, "1"]];
}

test("templates of Label Studio: there are 69", () => {
  assert.equal(templates.length, 69);
});

for (const [name, label_config] of templates) {
  const form = formOf(label_config);

  test(`templates of Label Studio: ${name} is taken, and what can be answered there is what the documentation says`, () => {
    assert.equal(labelConfigError(label_config), undefined);
    const row = documentation.split("\n").find((line) => line.startsWith(`| ${name} `)) ?? "";
    const cells = row.split("|").slice(1, -1);
    assert.deepEqual(
      cells.map((cell) => cell.trim()),
      rowOf(name, form),
    );
  });

  if (form.controls.length > 0)
    test(`templates of Label Studio: each question of ${name} has an answer that can be edited again`, () => {
      const fields: Fields = Object.fromEntries(form.controls.flatMap(({ control }) => answerTo(control)));
      const answered = formToResult(form, fields, { is_submitted: true });
      assert.ok(answered.ok, JSON.stringify(answered));
      const always = form.controls.filter(({ conditions }) => conditions.length === 0);
      const names = new Set(answered.result.map(({ from_name }) => from_name));
      for (const { control } of always) assert.ok(names.has(control.name), control.name);
      const again = formToResult(form, resultToForm(form, answered.result), { is_submitted: true });
      assert.ok(again.ok);
      const stored = mergeRawResult(form, "[]", answered.result);
      assert.equal(mergeRawResult(form, stored, again.result), stored);
    });
}

test("templates of Label Studio: the documentation counts them", () => {
  const count = (answered: string) =>
    templates.filter(([name, label_config]) => rowOf(name, formOf(label_config))[1] === answered).length;
  const [whole, part, not] = [count("whole"), count("in part"), count("not")];
  assert.ok(
    documentation.includes(`${whole} can be answered whole, ${part} in part, ${not} not yet.`),
    `${whole} ${part} ${not}`,
  );
});
