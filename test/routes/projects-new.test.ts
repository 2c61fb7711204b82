import assert from "node:assert/strict";
import { test } from "node:test";

import { templates } from "../../src/label-config/templates/index.ts";
import { startApp } from "../support/app.ts";
import type { Browser } from "../support/app.ts";
import { describedBy, read } from "../support/pages.ts";
import { sentimentSetup } from "../support/projects.ts";

function create(browser: Browser, fields: Record<string, string>) {
  return browser.post("/projects/").type("form").send(fields);
}

test("new project: every template can be chosen, with a picture of what it asks", async (t) => {
  const { signedIn } = await startApp(t);
  const { browser } = await signedIn();

  const page = read(await browser.get("/projects/new").expect(200));

  for (const { id, title, description } of templates) {
    const radio = page(`input[name=template][value="${id}"]`);
    assert.equal(page(`label[for="${radio.attr("id")}"]`).text(), title);
    assert.equal(page(`[id="${radio.attr("aria-describedby")}"]`).text(), description);
    const preview = radio.parent().find("fieldset.preview[disabled][inert]");
    assert.notEqual(preview.text().trim(), "");
    assert.equal(preview.find("legend").first().text() !== "", true);
  }
  // Nothing in a preview can be focused, and nothing is sent.
  assert.equal(page(".preview").find("a, button, [name]").length, 0);
  assert.equal(page("input[name=template]:checked").length, 1);
});

for (const { id, title, label_config } of templates) {
  test(`new project: ${title} becomes a project that asks just that`, async (t) => {
    const { signedIn, repositories } = await startApp(t);
    const { browser, user } = await signedIn();

    const answer = await create(browser, { title: " Reviews ", description: "Of films", template: id });

    assert.equal(answer.status, 303);
    assert.equal(answer.headers.location, "/projects/1");
    const project = await repositories.projects.find(1);
    assert.equal(project?.title, "Reviews");
    assert.equal(project.description, "Of films");
    assert.equal(project.label_config, label_config);
    assert.equal(project.created_by_id, user.id);
    assert.match((await browser.get("/projects/1").expect(200)).text, /Project created/);
  });
}

test("new project: a setup of one's own is kept as it was written", async (t) => {
  const { signedIn, repositories } = await startApp(t);
  const { browser } = await signedIn();
  const label_config = `<!-- ours -->\n${sentimentSetup}`;

  await create(browser, {
    title: "Reviews",
    template: "xml",
    label_config: label_config.replaceAll("\n", "\r\n"),
  }).expect(303);

  assert.equal((await repositories.projects.find(1))?.label_config, label_config);
});

test("new project: a long setup is no problem for members, and too large for strangers", async (t) => {
  const { signedIn, repositories, visitor } = await startApp(t);
  const { browser } = await signedIn();
  const choices = Array.from({ length: 5000 }, (_, index) => `<Choice value="Größe ${index}"/>`).join("\n");
  const label_config = `<View><Text name="t" value="$t"/><Choices name="c" toName="t">${choices}</Choices></View>`;

  await create(visitor(), { title: "Sizes", template: "xml", label_config }).expect(413);
  await create(browser, { title: "Sizes", template: "xml", label_config }).expect(303);

  assert.equal((await repositories.projects.find(1))?.label_config, label_config);
});

const refusals: Record<string, { fields: Record<string, string>; field: string; error: RegExp }> = {
  "no title": { fields: { title: "  ", template: "rating" }, field: "title", error: /Give the project a title/ },
  "a title that is left out": { fields: { template: "rating" }, field: "title", error: /Give the project a title/ },
  "a short title": { fields: { title: "ab", template: "rating" }, field: "title", error: /at least 3 characters/ },
  "a long title": { fields: { title: "a".repeat(51), template: "rating" }, field: "title", error: /at most 50/ },
  "XML that does not end": {
    fields: { title: "Reviews", template: "xml", label_config: "<View>\n<Text" },
    field: "label_config",
    error: /Line 2/,
  },
  "a question about nothing": {
    fields: { title: "Reviews", template: "xml", label_config: '<View>\n<TextArea name="a" toName="b"/></View>' },
    field: "label_config",
    error: /Line 2, <TextArea>.*No tag is named “b”/,
  },
  "no setup": {
    fields: { title: "Reviews", template: "xml", label_config: " " },
    field: "label_config",
    error: /Write the labeling setup/,
  },
};

for (const [what, { fields, field, error }] of Object.entries(refusals)) {
  test(`new project: ${what} is refused beside the field, and what was typed stays`, async (t) => {
    const { signedIn, repositories } = await startApp(t);
    const { browser } = await signedIn();

    const answer = await create(browser, { description: "Typed", ...fields });

    assert.equal(answer.status, 422);
    const page = read(answer);
    assert.match(describedBy(page, field), error);
    assert.equal(page(`[name="${field}"]`).attr("aria-invalid"), "true");
    assert.equal(page("#description").val(), "Typed");
    assert.equal(page("input[name=template]:checked").val(), fields.template);
    assert.equal(page("#label_config").val(), fields.label_config ?? "");
    assert.equal(await repositories.projects.count({}), 0);
  });
}

test("new project: title and setup are refused together", async (t) => {
  const { signedIn } = await startApp(t);
  const { browser } = await signedIn();

  const page = read(await create(browser, { title: "a", template: "xml", label_config: "<View" }));

  assert.match(describedBy(page, "title"), /at least 3/);
  assert.match(describedBy(page, "label_config"), /Line 1/);
});

test("new project: a template that nobody knows is refused", async (t) => {
  const { signedIn } = await startApp(t);
  const { browser } = await signedIn();

  for (const template of ["nothing", "__proto__", ""]) {
    const answer = await create(browser, { title: "Reviews", template }).expect(422);
    assert.match(answer.text, /Choose a labeling setup/);
  }
});
