import assert from "node:assert/strict";
import { test } from "node:test";

import { limits } from "../../src/common/limits.ts";
import { controlLookup } from "../../src/exports/control-lookup.ts";
import { isLike, namePattern, startsLike } from "../../src/label-config/repeated-names.ts";
import { parseLabelConfig } from "../../src/label-config/parse-label-config.ts";
import { labelConfigError } from "../../src/label-config/validation/validate.ts";
import { startApi } from "../support/api.ts";
import { addProject } from "../support/projects.ts";
import { startApp } from "../support/app.ts";

const text = '<Text name="t" value="$text"/>';

const many = (count: number, item: (index: number) => string) => Array.from({ length: count }, (_, at) => item(at));

/** As many as a setup may have, and the message for one more. */
const setups: [what: string, setup: (count: number) => string, max: number, message: RegExp][] = [
  [
    "tags",
    (count) => `<View>${"<a/>".repeat(count - 1)}</View>`,
    limits.labelConfigTags,
    /^more than 10000 tags: line 1/,
  ],
  [
    "attributes",
    (count) => `<View ${many(count, (at) => `a${at}=""`).join(" ")}/>`,
    limits.tagAttributes,
    /^more than 100 attributes: line 1/,
  ],
  [
    "controls",
    (count) => `<View>${text}${many(count, (at) => `<TextArea name="c${at}" toName="t"/>`).join("")}</View>`,
    limits.controls,
    /more than 1000 tags have a name and a toName/,
  ],
  [
    "repeaters",
    (count) => `<View>${'<Repeater on="$a" indexFlag="{{i}}"/>'.repeat(count)}</View>`,
    limits.repeaters,
    /more than 100 tags have an indexFlag/,
  ],
  [
    "letters of a name",
    (count) => `<View><Text name="${"n".repeat(count)}" value="$text"/></View>`,
    limits.controlName,
    /name is longer than 1000 characters/,
  ],
];

for (const [what, setup, max, message] of setups)
  test(`setup: it has so many ${what} as it may, one more is refused, and one that was saved before is read (X1)`, () => {
    assert.equal(labelConfigError(setup(max)), undefined);
    const error = labelConfigError(setup(max + 1));
    assert.match(error?.message ?? "", message);
    assert.match(error?.explanation ?? "", /^Line 1.*([Rr]emove some|shorter)/);
    assert.ok(parseLabelConfig(setup(max + 1)).root);
  });

test("setup: a limit is named beside the field of the page (X1)", async (t) => {
  const app = await startApp(t);
  const { browser } = await app.signedIn();
  const label_config = `<View>${"<a/>".repeat(limits.labelConfigTags)}</View>`;
  const page = await browser.post("/projects/").type("form").send({ title: "Many", template: "xml", label_config });
  assert.equal(page.status, 422);
  assert.match(page.text, /A labeling setup has at most 10000 tags. Remove some./);
});

const names: [name: string, variables: string[], from_name: string, matches: boolean][] = [
  ["p{{i}}", ["{{i}}"], "p1", true],
  ["p{{i}}", ["{{i}}"], "p", true],
  ["p{{i}}", ["{{i}}"], "q1", false],
  ["{{i}}_{{j}}_x", ["{{i}}", "{{j}}"], "1_2_3_x", true],
  ["{{i}}_{{j}}_x", ["{{i}}", "{{j}}"], "1_x", false],
  ["a{{i}}a", ["{{i}}"], "a", false],
  ["a{{i}}a", ["{{i}}"], "aa", true],
  ["a{{i}}ba{{i}}b", ["{{i}}"], "abab", true],
  ["a{{i}}ba{{i}}b", ["{{i}}"], "abb", false],
  ["a.c", ["{{i}}"], "abc", false],
  ["a.c", [""], "a.c", true],
  ["(.*)+{{i}}", ["{{i}}"], "(.*)+1", true],
];

for (const [name, variables, from_name, matches] of names)
  test(`repeated name: ${name} ${matches ? "stands" : "does not stand"} for ${from_name} (X2)`, () => {
    assert.equal(isLike(namePattern(name, variables), from_name), matches);
  });

test("repeated name: an export takes what begins like the longest pattern (X2)", () => {
  assert.ok(startsLike(namePattern("p{{i}}_x", ["{{i}}"]), "p1_xyz"));
  const typeOf = controlLookup({
    "p{{i}}": { type: "Choices", regex: { "{{i}}": ".*" } },
    "p{{i}}_note": { type: "TextArea", regex: { "{{i}}": ".*" } },
    r: { type: "Rating", regex: { "{{i}}": ".*" } },
  });
  assert.deepEqual(
    [typeOf("p1", ""), typeOf("p1_note", ""), typeOf("r", ""), typeOf("r1", "")],
    ["Choices", "TextArea", "Rating", undefined],
  );
});

test("repeated name: many variables and a long name in an annotation are compared at once (X2)", async (t) => {
  const app = await startApi(t);
  const { owner } = app;
  const project = await addProject(app, owner.user, { label_config: `<View>${text}</View>` });
  const task = await app.repositories.tasks.create(project, { data: '{"text":"a"}', meta: "{}" }, 1);
  const result = [{ from_name: "a".repeat(1000), to_name: "t", type: "choices", value: { choices: ["x"] } }];
  await owner.script("post", `/api/tasks/${task.id}/annotations/`, { result }).expect(201);
  const variables = many(20, (at) => `{{${at}}}`);
  const repeaters = variables.map((variable) => `<Repeater on="$a" indexFlag="${variable}"/>`).join("");
  const label_config = `<View>${repeaters}${text}<Text name="t${variables.join("")}" value="$text"/><Choices name="${variables.map((variable) => `a${variable}`).join("")}b" toName="t${variables.join("")}"><Choice value="x"/></Choices></View>`;
  const start = performance.now();
  const answer = await owner.script("patch", `/api/projects/${project.id}/`, { label_config });
  assert.equal(answer.status, 400);
  assert.match(answer.body.validation_errors.label_config[0], /1 with from_name=a{1000}, to_name=t, type=choices$/);
  // A pattern with twenty wildcards would not end within a day.
  assert.ok(performance.now() - start < 20_000);
});
