import assert from "node:assert/strict";
import { test } from "node:test";
import type { TestContext } from "node:test";

import { startApp } from "../support/app.ts";
import { png } from "../support/images.ts";
import { unzip } from "../support/unzip.ts";
import { startLabeling } from "../support/labeling.ts";
import { lineOf, linesOf, read } from "../support/pages.ts";
import type { Page } from "../support/pages.ts";
import { clickPicture, labelField, openLabelPage, press, regionFormBody, save } from "../support/regions.ts";

const image = `data:image/png;base64,${(await png(600, 400)).toString("base64")}`;
const picture = '<Image name="img" value="$image"/>';
const boxes = '<RectangleLabels name="label" toName="img"><Label value="Car" background="#ff0000"/><Label value="Lake" alias="lk"/></RectangleLabels>'; // prettier-ignore
const car = labelField("label", "Car");
const lake = labelField("label", "lk");

async function start(t: TestContext, tags = picture + boxes, data: object = { image }) {
  const app = await startApp(t);
  const session = await startLabeling(app, tags, [data]);
  const [task] = session.tasks;
  assert.ok(task);
  return { app, task, browser: session.browser, user: session.user, project: session.project };
}

type Session = Awaited<ReturnType<typeof start>>;

/** Clicks on places of the picture, one after another. */
async function clickAt(
  { browser }: Pick<Session, "browser">,
  page: Page,
  places: [number, number][],
  fields: Record<string, string | string[]>,
  width = 640,
): Promise<Page> {
  let shown = page;
  for (const place of places) shown = (await clickPicture(browser, shown, { width, place }, fields)).page;
  return shown;
}

const surroundings = { original_width: 600, original_height: 400, image_rotation: 0 };

test("pictures: two clicks make a box, in whole pixels of the picture as it is shown, and the result is Label Studio's", async (t) => {
  const session = await start(t);
  const page = await openLabelPage(session.browser, session.task);
  // 640 x 427: from the last pixel to one above and left of it.
  const marked = await clickAt(session, page, [[639, 426], [160, 0]], lake); // prettier-ignore
  assert.deepEqual(linesOf(marked, ".region-words"), ["1 Lake Box"]);

  const [entry, ...others] = await save(session, marked);

  assert.deepEqual(others, []);
  const { id, ...members } = entry ?? {};
  assert.match(String(id), /^[\w-]{10}$/);
  assert.deepEqual(members, {
    ...surroundings,
    value: { x: 25, y: 0, width: 75, height: 100, rotation: 0, rectanglelabels: ["lk"] },
    from_name: "label",
    to_name: "img",
    type: "rectanglelabels",
    origin: "manual",
  });
  const order = ["original_width", "original_height", "image_rotation", "value", "id", "from_name", "to_name", "type", "origin"]; // prettier-ignore
  assert.deepEqual(Object.keys(entry ?? {}), order);
});

test("pictures: the first click is shown and can be taken back, and all other answers stay", async (t) => {
  const session = await start(
    t,
    `${picture}${boxes}<Choices name="scene" toName="img"><Choice value="Day"/></Choices>`,
  );
  const page = await openLabelPage(session.browser, session.task);
  const first = await clickPicture(session.browser, page, { width: 320, place: [32, 21] }, { ...car, "answer.scene": "Day" }); // prettier-ignore
  assert.equal(first.page('[name="answer.scene"]').is(":checked"), true);
  assert.equal(first.page(".overlay circle.is-pending").length, 1);
  assert.match(lineOf(first.page("#regions .note")), /From “10.16 % from left, 10.09 % from top”: click the opposite corner/); // prettier-ignore

  const cancelled = await press(session.browser, first.page, "Cancel");

  assert.equal(cancelled.page(".overlay circle").length, 0);
  assert.equal(cancelled.page('[name="answer.scene"]').is(":checked"), true);
});

test("pictures: an ellipse, a point and a polygon are what their clicks say", async (t) => {
  const tags = ["Ellipse", "KeyPoint", "Polygon"].map((shape) => `<${shape}Labels name="${shape}" toName="img"><Label value="A"/></${shape}Labels>`); // prettier-ignore
  const session = await start(t, picture + tags.join(""));
  let page = await openLabelPage(session.browser, session.task);
  page = await clickAt(session, page, [[0, 212], [319, 0]], labelField("Ellipse", "A"), 320); // prettier-ignore
  page = await clickAt(session, page, [[160, 0]], labelField("KeyPoint", "A"), 320);
  page = await clickAt(session, page, [[0, 106], [319, 0], [319, 212]], labelField("Polygon", "A"), 320); // prettier-ignore
  assert.match(lineOf(page("#regions .note")), /From “3 corners”: click the next one/);
  page = (await press(session.browser, page, "Close")).page;
  assert.equal(page(".overlay polygon.outline").length, 2);

  const result = await save(session, page);

  assert.deepEqual(
    result.map(({ value }) => value),
    [
      { x: 50, y: 50, radiusX: 50, radiusY: 50, rotation: 0, ellipselabels: ["A"] },
      { x: 50.15625, y: 0, width: 0.5, keypointlabels: ["A"] },
      { points: [[0, 50], [100, 0], [100, 100]], closed: true, polygonlabels: ["A"] }, // prettier-ignore
    ],
  );
  assert.deepEqual(
    result.map(({ type }) => type),
    ["ellipselabels", "keypointlabels", "polygonlabels"],
  );
});

test("pictures: a click near the first corner closes a polygon", async (t) => {
  const session = await start(t, `${picture}<Polygon name="outline" toName="img"/>`);
  let page = await openLabelPage(session.browser, session.task);
  page = await clickAt(session, page, [[10, 10], [300, 10], [300, 200], [14, 6]], {}, 320); // prettier-ignore

  const [entry] = await save(session, page);

  const { points } = (entry?.value ?? {}) as { points: unknown[] };
  assert.deepEqual([entry?.type, points.length], ["polygon", 3]);
});

test("pictures: with Labels apart a region has an entry for each, all with the whole place, and answers about it follow", async (t) => {
  const tags = `${picture}<Labels name="kind" toName="img"><Label value="Text"/></Labels><Rectangle name="box" toName="img"/>
    <Polygon name="outline" toName="img"/><TextArea name="words" toName="img" perRegion="true"/>`;
  const session = await start(t, tags);
  let page = await openLabelPage(session.browser, session.task);
  assert.deepEqual(linesOf(page, '#regions label:has([name="region.shape.img"])'), ["Box", "Polygon"]);
  const text = labelField("kind", "Text");
  page = await clickAt(session, page, [[0, 0.5], [319, 426]].map(([x = 0, y = 0]) => [x, Math.ceil(y)]), text); // prettier-ignore
  page = await clickAt(session, page, [[1, 1], [100, 1], [1, 100]], { ...text, "region.shape.img": "outline" }); // prettier-ignore
  page = (await press(session.browser, page, "Close", { "region.answer.words": "SALE" })).page;
  const box = page('.region-words[value^="select"]').attr("value") ?? "";
  page = (await press(session.browser, page, box)).page;
  page = (await press(session.browser, page, "Done", { "region.answer.words": "SALE" })).page;

  const result = await save(session, page);

  assert.deepEqual(
    result.map(({ from_name, type }) => [from_name, type]),
    [
      ["box", "rectangle"],
      ["kind", "labels"],
      ["words", "textarea"],
      ["outline", "polygon"],
      ["kind", "labels"],
    ],
  );
  const [shape, labels, words] = result.map(({ value }) => value as Record<string, unknown>);
  assert.deepEqual(labels, { ...shape, labels: ["Text"] });
  assert.deepEqual(words, { ...shape, text: ["SALE"] });
});

test("pictures: numbers make a region as clicks do, Enter on a picture leads to them, and they stay open for the next", async (t) => {
  const session = await start(t);
  const page = await openLabelPage(session.browser, session.task);
  const pressed = await clickPicture(session.browser, page, { width: 640, place: [0, 0] }, car);
  assert.equal(pressed.page(".picture-numbers").is("[open]"), true);
  assert.equal(pressed.page("[autofocus]").attr("name"), "region.new.label.x");
  const numbers = { "region.new.label.x": "10", "region.new.label.y": "20.5", "region.new.label.width": "95", "region.new.label.height": "" }; // prettier-ignore
  const refused = await press(session.browser, pressed.page, "Add box", { ...car, ...numbers });
  assert.equal(refused.status, 422);
  assert.match(lineOf(refused.page(".picture-numbers .error")), /above 0/);
  const beyond = await press(session.browser, refused.page, "Add box", { "region.new.label.height": "40" });
  assert.match(lineOf(beyond.page(".picture-numbers .error")), /At most 90, where the picture ends/);

  const marked = await press(session.browser, beyond.page, "Add box", { "region.new.label.width": "90" });

  assert.equal(marked.page(".picture-numbers").is("[open]"), true);
  assert.equal(marked.page("[autofocus]").attr("name"), "region.new.label.x");
  assert.equal(marked.page("#regions [role=status]").text(), "Marked box as Car");
  const [entry] = await save(session, marked.page);
  assert.deepEqual(entry?.value, { x: 10, y: 20.5, width: 90, height: 40, rotation: 0, rectanglelabels: ["Car"] });
});

test("pictures: labels of several controls say what they are for, and a missing one is asked for where it is", async (t) => {
  const polygons = '<PolygonLabels name="outline" toName="img"><Label value="Tree"/></PolygonLabels>';
  const session = await start(t, picture + boxes + polygons);
  const page = await openLabelPage(session.browser, session.task);
  const legends = page("#regions legend").toArray().map((each) => lineOf(page(each))); // prettier-ignore
  assert.deepEqual(legends, ["Label for boxes", "Label for polygons"]);

  const refused = await press(session.browser, page, "Add polygon", { ...car, "region.new.outline.points": "1,1 9,1 9,9" }); // prettier-ignore

  assert.equal(refused.status, 422);
  assert.match(lineOf(refused.page('[data-control="outline"] .error')), /Choose a label/);
  assert.equal(refused.page(".error").length, 1);
  assert.equal(refused.page("[autofocus]").attr("value"), '["outline","Tree"]');
  const marked = await press(session.browser, refused.page, "Add polygon", labelField("outline", "Tree"));
  assert.equal(marked.page("[autofocus]").attr("name"), "region.new.outline.points");
});

/** A region of another program, turned, with digits that JavaScript would not write. */
const foreign = `{"original_width":600,"original_height":400,"image_rotation":0,"value":{"x":35.346348195992490,"y":29.0023588491036360,"width":28.649835345773855,"height":10.0,"rotation":55.18314214021615,"rectanglelabels":["Car"]},"id":"far","from_name":"label","to_name":"img","type":"rectanglelabels","origin":"manual"}`; // prettier-ignore
const mask = '{"value":{"format":"rle","rle":[0,14,166.0]},"id":"mask","from_name":"brush","to_name":"img","type":"brushlabels"}'; // prettier-ignore

async function annotate({ app, task, user }: Session, result: string) {
  await app.repositories.annotations.create(task.id, user.id, { result, was_cancelled: false });
}

async function savedJson({ app, task }: Session): Promise<string> {
  return (await app.repositories.annotations.listByTasks([task.id])).at(-1)?.result ?? "";
}

test("pictures: a number that changes leaves all others digit for digit, and masks pass through", async (t) => {
  const session = await start(t);
  await annotate(session, `[${foreign},${mask}]`);
  let page = await openLabelPage(session.browser, session.task);
  page = (await press(session.browser, page, "select far")).page;
  assert.equal(page('[name="region.place.x"]').val(), "35.35");
  page = (await press(session.browser, page, "Move", { "region.place.height": "12.5" })).page;

  await save(session, page);

  assert.equal(await savedJson(session), `[${foreign.replace('"height":10.0', '"height":12.5')},${mask}]`);
});

test("pictures: a turned box is drawn turned around its corner, in the proportions of the picture", async (t) => {
  const session = await start(t);
  await annotate(session, `[${foreign.replace("55.18314214021615", "90")}]`);
  const page = await openLabelPage(session.browser, session.task);

  const points = (page(".overlay polygon.outline").attr("points") ?? "").split(" ").map((each) => each.split(",").map(Number)); // prettier-ignore

  // 28.65 % of 600 px are 42.97 % of 400 px.
  assert.deepEqual(points, [[35.3463, 29.0024], [35.3463, 71.9771], [28.6797, 71.9771], [28.6797, 29.0024]]); // prettier-ignore
});

test("pictures: predictions are drawn as such, and what has no place or goes beyond is said and kept whole", async (t) => {
  const session = await start(t);
  const entry = (id: string, value: object) => ({
    id,
    from_name: "label",
    to_name: "img",
    type: "rectanglelabels",
    value,
  });
  const result = [
    entry("a", { x: 10, y: 10, width: 20, height: 20, rectanglelabels: ["Car"] }),
    entry("b", { x: 90, y: 10, width: 40, height: 20, rectanglelabels: ["Boat"] }),
    entry("c", { x: 10, y: 10, rectanglelabels: ["Car"], odd: 1 }),
  ];
  await session.app.repositories.predictions.create(session.task.id, { result: JSON.stringify(result), model_version: "m1" }); // prettier-ignore
  const page = await openLabelPage(session.browser, session.task);
  assert.equal(page(".overlay .is-predicted polygon.outline").length, 2);
  assert.deepEqual(linesOf(page, ".region-problem"), ["It goes beyond the picture.", "Its place can’t be read. It is kept as it is."]); // prettier-ignore

  const saved = await save(session, page);

  assert.deepEqual(
    saved.map(({ value }) => value),
    result.map(({ value }) => value),
  );
});

test("pictures: of one from elsewhere nothing is fetched; its size makes clicks possible, numbers do without", async (t) => {
  const session = await start(t, picture + boxes, { image: "https://pictures.example.com/a.jpg" });
  let page = await openLabelPage(session.browser, session.task);
  assert.equal(page('[type="image"]').length, 0);
  assert.equal(page(".picture-numbers").is("[open]"), true);
  const refused = await press(session.browser, page, "Mark by clicks");
  assert.equal(refused.status, 422);
  const numbers = { "region.new.label.x": "10", "region.new.label.y": "20", "region.new.label.width": "30", "region.new.label.height": "40" }; // prettier-ignore
  page = (await press(session.browser, refused.page, "Add box", { ...car, ...numbers })).page;
  page = (await press(session.browser, page, "Mark by clicks", { "region.measure.0 img": "300x600" })).page;
  assert.equal(page('[name="region.at-320 0 img"]').attr("height"), "640");
  page = await clickAt(session, page, [[0, 0.5], [159, 319]].map(([x = 0, y = 0]) => [x, Math.ceil(y)]), car, 320); // prettier-ignore

  const [first, second] = await save(session, page);

  assert.deepEqual([first?.original_width, first?.image_rotation], [undefined, 0]);
  assert.deepEqual([second?.original_width, second?.original_height], [300, 600]);
  assert.deepEqual(second?.value, { x: 0, y: 0.15625, width: 50, height: 49.84375, rotation: 0, rectanglelabels: ["Car"] }); // prettier-ignore
});

test("pictures: regions on the pictures of a list say on which they are", async (t) => {
  const session = await start(t, `<Image name="img" valueList="$pages"/>${boxes}`, { pages: [image, image] });
  let page = await openLabelPage(session.browser, session.task);
  for (const place of [
    [10, 10],
    [20, 20],
  ] as [number, number][])
    // prettier-ignore
    page = (await clickPicture(session.browser, page, { width: 320, place, item: 1 }, car)).page;
  assert.deepEqual(
    page(".overlay").toArray().filter((each) => page(each).parent().is(".picture")).map((each) => page(each).find("polygon.outline").length), // prettier-ignore
    [0, 1],
  );

  const [entry] = await save(session, page);

  assert.deepEqual(Object.keys(entry ?? {}).slice(0, 5), ["original_width", "original_height", "image_rotation", "item_index", "value"]); // prettier-ignore
  assert.equal(entry?.item_index, 1);
});

test("pictures: a larger view takes clicks in pixels of its own", async (t) => {
  const session = await start(t);
  let page = await openLabelPage(session.browser, session.task);
  page = (await press(session.browser, page, "Larger picture")).page;
  page = await clickAt(session, page, [[320, 1], [639, 426]], car, 640); // prettier-ignore
  page = (await press(session.browser, page, "Fit the picture")).page;

  const [entry] = await save(session, page);

  const { x, width } = (entry?.value ?? {}) as Record<string, number>;
  assert.deepEqual([x, width], [50, 50]);
});

test("pictures: what is drawn here is in exports as COCO, YOLO and VOC, in the pixels of the picture", async (t) => {
  const session = await start(t);
  let page = await openLabelPage(session.browser, session.task);
  page = await clickAt(session, page, [[320, 1], [639, 426]], car); // prettier-ignore
  const marked = await press(session.browser, page, "Move", { "region.place.y": "0", "region.place.height": "50" });
  await save(session, marked.page);
  const exported = async (format: string) => {
    const address = `/api/projects/${session.project.id}/export?exportType=${format}`;
    const answer = await session.browser.get(address).responseType("blob").expect(200);
    return [...unzip(answer.body as Buffer)].map(([name, content]) => ({ name, text: content.toString() }));
  };

  const [yolo] = (await exported("YOLO")).filter(({ name }) => name.endsWith(".txt") && name.startsWith("labels/"));
  assert.equal(yolo?.text, "0 0.75 0.25 0.5 0.5\n");
  const [coco] = (await exported("COCO")).filter(({ name }) => name === "result.json");
  assert.deepEqual(JSON.parse(coco?.text ?? "{}").annotations[0].bbox, [300, 0, 300, 200]);
  const [voc] = (await exported("VOC")).filter(({ name }) => name.endsWith(".xml"));
  assert.match(voc?.text ?? "", /<xmin>300<\/xmin>\s*<ymin>0<\/ymin>\s*<xmax>600<\/xmax>\s*<ymax>200<\/ymax>/);
});

test("pictures: clicks and numbers that no page sends mark nothing, and break nothing", async (t) => {
  const session = await start(t, `<Image name="img" valueList="$pages"/>${boxes}`, { pages: [image, image] });
  const page = await openLabelPage(session.browser, session.task);
  const address = page('[type="image"]').attr("formaction") ?? "";
  const send = (fields: Record<string, string>) => session.browser.post(address).type("form").send(regionFormBody(page, { ...car, ...fields })); // prettier-ignore
  for (const [name, x, y] of [
    ["at-640 0 img", "9999", "1"],
    ["at-640 7 img", "1", "1"],
    ["at-0 0 img", "1", "1"],
    ["at-640 0 img", "-8", "1"],
    ["at-640 0 other", "1", "1"],
  ]) {
    // prettier-ignore
    const answer = await send({ [`region.${name}.x`]: x ?? "", [`region.${name}.y`]: y ?? "" });
    assert.ok([200, 422].includes(answer.status), `${name} ${answer.status}`);
    assert.match(answer.text, /Nothing is marked yet/);
  }
  const pending = JSON.stringify({ target: "img", mark: "0 a,b", is_complete: true });
  assert.equal((await send({ "region.pending": pending, "region.do": "make" })).status, 422);
  const numbers = { "region.new.label.x": "1", "region.new.label.y": "1", "region.new.label.width": "1", "region.new.label.height": "1", "region.new.label.item": "a" }; // prettier-ignore
  const added = read(await send({ ...numbers, "region.do": "add label" }));
  const [entry] = JSON.parse(String(added('[name="region.result"]').val())) as { item_index: unknown }[];
  assert.equal(entry?.item_index, 0);
});
