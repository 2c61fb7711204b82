import assert from "node:assert/strict";
import { test } from "node:test";

import { maxImportBytes } from "../../src/uploads/import-form.ts";
import { startImporting } from "../support/importing.ts";
import type { ImportSubmission } from "../support/importing.ts";
import { describedBy, read } from "../support/pages.ts";
import type { Page } from "../support/pages.ts";
import { assertNothingStored } from "../support/stored.ts";

const title = "refused import";

interface Refusal {
  input: ImportSubmission;
  field: string;
  error: RegExp;
}

const refusals: Record<string, Refusal> = {
  "nothing chosen and nothing typed": { input: {}, field: "files", error: /^Choose a file, or paste your data below/ },
  "blanks alone": { input: { text: " \r\n\t" }, field: "files", error: /^Choose a file, or paste/ },
  "a picture beside tasks": {
    input: { files: { "tasks.json": "[]", "photo.jpg": Buffer.from([255, 216, 0]) }, text: "typed" },
    field: "files",
    error: /^Files of tasks and images, recordings or documents can't be mixed/,
  },
  "a picture that browsers don't show": {
    input: { files: { "a.tiff": "II*" } },
    field: "files",
    error: /^“a\.tiff” can't be imported\. Browsers show PNG/,
  },
  "files of unknown kinds": {
    input: { files: { a: Buffer.from([0, 1]), "b.dat": Buffer.from([255]) } },
    field: "files",
    error: /^“a”, “b\.dat” can't be imported\. Choose a file of tasks/,
  },
  "a spreadsheet": {
    input: { files: { "a.xlsx": Buffer.from([80, 75, 0]) } },
    field: "files",
    error: /^“a\.xlsx” can't be imported\. Save the spreadsheet as CSV/,
  },
  "an address": {
    input: { text: " https://example.com/tasks.json\r\n" },
    field: "text",
    error: /^Nothing is fetched from other servers\. Download the file and choose it above/,
  },
  "an address as JSON": { input: { text: "s3://a/b", format: "json" }, field: "text", error: /^Nothing is fetched/ },
  "what is no text": { input: { text: "a\0b" }, field: "text", error: /^This can't be read as text/ },
  "a format that there isn't": { input: { text: "a", format: "xml" }, field: "format", error: /one of these formats/ },
};

for (const [what, { input, field, error }] of Object.entries(refusals)) {
  test(`${title}: ${what} is refused beside the field, and what was typed stays`, async (t) => {
    const app = await startImporting(t);

    const answer = await app.send(input);

    assert.equal(answer.status, 422);
    const page = read(answer);
    assert.match(describedBy(page, field), error);
    assert.equal(page(`[name=${field}]`).attr("aria-invalid"), "true");
    assert.equal(page("[aria-invalid]").length, 1);
    assert.equal(page("#text").text().trim(), (input.text ?? "").replaceAll("\0", "\uFFFD").trim());
    if (field !== "format") assert.equal(page("#format").val(), input.format ?? "auto");
    assert.deepEqual(await app.repositories.imports.listLatest(app.project.id, 1), []);
    await assertNothingStored(app.database);
  });
}

test(`${title}: a form that holds nothing at all is shown again, and one that is no upload is refused`, async (t) => {
  const app = await startImporting(t);

  assert.match((await app.browser.post(`${app.address}/import`).expect(422)).text, /Choose a file, or paste/);
  await app.browser.post(`${app.address}/import`).type("form").send({ text: "a" }).expect(415);
  await app.browser.post(`${app.address}/import`).type("json").send({ text: "a" }).expect(415);
  assert.deepEqual(await app.tasks(), []);
});

test(`${title}: more than 200 MB are refused on the form, before they are sent`, async (t) => {
  const app = await startImporting(t);

  const answer = await app.browser
    .post(`${app.address}/import`)
    .set("Content-Type", "multipart/form-data; boundary=x")
    .set("Content-Length", `${maxImportBytes + 2 * 1024 * 1024}`);

  assert.equal(answer.status, 413);
  const page = read(answer);
  assert.match(describedBy(page, "files"), /^This is larger than 200 MB\. Send it in several parts\./);
  assert.equal(page("#files").attr("data-max-bytes"), String(maxImportBytes));
});

test(`${title}: one wrong task keeps all others out, of all files`, async (t) => {
  const app = await startImporting(t);

  const page = await app.importing({
    files: { "one.jsonl": '{"text": "a"}\n{"text": "b"}', "two.csv": "text,stars\nc,1\nd,2,3\ne,4" },
  });

  assert.match(page("[role=status]").text(), /Nothing was imported from one\.jsonl, two\.csv: 1 problem\b/);
  const [[file, line, message] = []] = problems(page);
  assert.deepEqual([file, line], ["two.csv", "Line 3:"]);
  assert.match(message ?? "", /^The row that begins here has 3 columns, the first line has 2/);
  assert.equal(page("main form").length, 0);
  assert.deepEqual(await app.tasks(), []);
});

test(`${title}: every problem is explained in plain words, with its item`, async (t) => {
  const app = await startImporting(t);

  const page = await app.importing({
    text: [
      "[",
      '{"review": "a", "stars": 1},',
      '{"review": "a"},',
      "{},",
      '{"text": null},',
      '{"text": {"a": 1}},',
      "5,",
      '{"data": [], "annotations": []},',
      '{"data": {"text": "a"}, "annotations": {}},',
      '{"data": {"text": "a"}, "annotations": [{}]},',
      '{"data": {"text": "a"}, "annotations": [{"result": [], "completed_by": 77}]},',
      '{"data": {"text": "a"}, "annotations": [{"result": [], "completed_by": {"email": "eve@example.com"}}]},',
      '{"data": {"text": "a"}, "annotations": [{"result": [], "completed_by": "eve"}]},',
      '{"data": {"text": "a"}, "predictions": [{"result": 1}]},',
      '{"data": {"text": "a"}, "predictions": [{"result": [], "score": "x"}]}',
      "]",
    ].join("\n"),
  });

  const stranger =
    'who is not a member here. Invite them first, or leave out "completed_by" to make the annotation yours.';
  assert.deepEqual(problems(page), [
    ["", "Item 1:", 'There is no "text", only "review" and "stars". Rename one of them, or change the labeling setup.'],
    ["", "Item 2:", 'There is no "text", only "review". Rename it, or change the labeling setup.'],
    ["", "Item 3:", 'There is no "text", which the labeling setup needs.'],
    ["", "Item 4:", '"text" is null. It must be text, a number or a list.'],
    ["", "Item 5:", '"text" is an object. It must be text, a number or a list.'],
    ["", "Item 6:", 'Not a task. Write each task in braces, such as {"text": "..."}.'],
    ["", "Item 7:", '"data" must be in braces, such as {"text": "..."}.'],
    ["", "Item 8:", '"annotations" must be a list in brackets: [ ... ].'],
    ["", "Item 9:", 'Annotation without "result". Write [] for an empty one.'],
    ["", "Item 10:", `An annotation is by person 77, ${stranger}`],
    ["", "Item 11:", `An annotation is by eve@example.com, ${stranger}`],
    [
      "",
      "Item 12:",
      '"completed_by" can\'t be read. The number of a member, or {"email": "ada@example.com"}, says who made an annotation.',
    ],
    ["", "Item 13:", 'The "result" of each prediction must be a list in brackets: [ ... ].'],
    ["", "Item 14:", '"score" of each prediction must be a number.'],
  ]);
});

test(`${title}: plain text for a setup that needs more than one field says what to do`, async (t) => {
  const app = await startImporting(t, {
    label_config: `<View><Text name="a" value="$text"/><Text name="b" value="$question"/></View>`,
  });

  const page = await app.importing({ text: "one line" });

  assert.deepEqual(problems(page), [
    ["", "Line 1:", 'Plain text has no "question", which the labeling setup needs. Write the tasks as CSV or JSON.'],
  ]);
});

test(`${title}: a pasted text is in the form again with its format, and can be mended and sent`, async (t) => {
  const app = await startImporting(t);
  const text = "\nGood, really\nBad, alas </textarea>";

  const page = await app.importing({ text });

  assert.match(page("main").text(), /read as CSV: the first line names the columns.*choose “Plain text”/);
  assert.equal(page("#text").text(), text);
  assert.equal(page("#format").val(), "csv");
  const again = await app.importing({ text, format: "txt" });
  assert.match(again("[role=status]").text(), /2 tasks imported/);
});

test(`${title}: a pasted text beside files is kept, and the files are asked for once more`, async (t) => {
  const app = await startImporting(t);

  const page = await app.importing({ files: { "a.json": '[{"text": 1}]' }, text: '[{"foo": 1}]' });

  assert.deepEqual(problems(page)[0]?.slice(0, 2), ["", "Item 1:"]);
  assert.equal(page(".note h3").text(), "Pasted text");
  assert.equal(page("#text").text().trim(), '[{"foo": 1}]');
  assert.equal(page("#format").val(), "json");
  assert.match(page("main").text(), /Choose your files once more, too/);
});

test(`${title}: a long pasted text, or one that is gone, is asked for once more`, async (t) => {
  const app = await startImporting(t);
  const long = await app.importing({ text: `[{"foo": "${"a".repeat(1_000_000)}"}]` });
  assert.equal(long("#text").text().trim(), "");
  assert.match(long("main").text(), /Your text can’t be shown again/);

  const { headers } = await app.send({ text: '[{"foo": 1}]' });
  const [pasted] = (await app.repositories.imports.listLatest(app.project.id, 1)).flatMap(({ files }) => files);
  await app.repositories.storedFiles.delete([pasted?.stored ?? "missing"]);
  const page = read(await app.browser.get(headers["location"] ?? ""));
  assert.match(page("main").text(), /Your text can’t be shown again/);
});

test(`${title}: files without tasks are refused`, async (t) => {
  const app = await startImporting(t);

  const page = await app.importing({ files: { "a.json": "[]", "b.txt": "" } });

  assert.deepEqual(problems(page), [["a.json", "Line 1:", "It has no tasks."]]);
});

function problems(page: Page): string[][] {
  const items = page(".problems li").toArray();
  return items.map((item) => {
    const place = page(item).find("span").text();
    const message = page(item).text().trim().slice(place.length).trim();
    return [page(item).parent().attr("data-file") ?? "", place, message];
  });
}
