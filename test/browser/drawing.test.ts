import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import type { TestContext } from "node:test";

import type { Result } from "axe-core";
import type { BrowserContextOptions, Locator, Page } from "playwright-core";

import { share } from "../support/app.ts";
import { png } from "../support/images.ts";
import { startProgram } from "../support/program.ts";
import { addProject, addTasks } from "../support/projects.ts";
import { waitUntil } from "../support/wait-until.ts";

const program = share(startProgram);
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const label_config = `<View><Image name="img" value="$image"/>
  <RectangleLabels name="box" toName="img"><Label value="Car" background="red" hotkey="c"/><Label value="Lake" alias="lk"/></RectangleLabels>
  <EllipseLabels name="round" toName="img"><Label value="Ball"/></EllipseLabels>
  <PolygonLabels name="outline" toName="img"><Label value="Tree"/></PolygonLabels>
  <KeyPointLabels name="point" toName="img"><Label value="Nose"/></KeyPointLabels></View>`;

/** The form while no answer is awaited. */
const idle = "[data-labels]:not([aria-busy])";

type Place = readonly [x: number, y: number];

interface Entry {
  id: string;
  type: string;
  value: Record<string, number> & { points?: number[][] };
}

/** The label page of a task with a picture of 600 x 400 pixels, drawn on in shares of its sides; or of a task with several. */
async function openPicture(
  t: TestContext,
  options: BrowserContextOptions = {},
  { setup = label_config, pictures = 1, predicted = [] as object[] } = {},
) {
  const { repositories, user, openPage } = await program();
  const page = await openPage(t, options);
  const errors: string[] = [];
  page.on("console", (message) => void (message.type() === "error" && errors.push(message.text())));
  page.on("pageerror", ({ message }) => errors.push(message));
  const project = await addProject({ repositories }, user, { title: "Pictures", label_config: setup });
  const address = `data:image/png;base64,${(await png(600, 400)).toString("base64")}`;
  const image = pictures === 1 ? address : Array.from({ length: pictures }, () => address);
  const task = await repositories.tasks.create(project, { data: JSON.stringify({ image }), meta: "{}" }, 1);
  if (predicted.length > 0)
    await repositories.predictions.create(task.id, { result: JSON.stringify(predicted), model_version: "m" });
  const open = () => page.goto(`/projects/${project.id}/tasks/${task.id}/label`);
  const saved = async () => {
    const [annotation] = await repositories.annotations.listByTasks([task.id]);
    return JSON.parse(annotation?.result ?? "[]") as (Entry & Record<string, unknown>)[];
  };
  return { page, errors, open, saved };
}

function drawingOn(page: Page, item = 0) {
  const layer = page.locator(".a9s-annotationlayer").nth(item);
  const place = async ([x, y]: Place): Promise<[number, number]> => {
    const box = await layer.boundingBox();
    assert.ok(box);
    return [box.x + box.width * x, box.y + box.height * y];
  };
  /** The regions once there are so many. */
  const regions = async (count: number) => {
    await page.locator("#regions-title", { hasText: new RegExp(`Regions ${count}$`) }).waitFor();
    await page.locator(idle).waitFor();
    return JSON.parse(await page.locator('[name="region.result"]').inputValue()) as Entry[];
  };
  const choose = async (label: string) => {
    await page.locator(".palette").getByLabel(label).check();
    await page.evaluate("document.querySelector('.a9s-annotationlayer').scrollIntoView({ block: 'center' })");
  };
  const click = async (at: Place) => page.mouse.click(...(await place(at)));
  /** Chooses a region, and waits until its handles are there. */
  const select = async (at: Place, number: number) => {
    await click(at);
    await page.locator(`.region-words[aria-expanded="true"]`, { hasText: new RegExp(`^\\s*${number}\\b`) }).waitFor();
    await page.locator(idle).waitFor();
    await page.locator(".a9s-annotation.selected .a9s-handle-dot").first().waitFor({ state: "attached" });
  };
  const drag = async (from: Place, to: Place) => {
    await page.mouse.move(...(await place(from)));
    await page.mouse.down();
    await page.mouse.move(...(await place([(from[0] + to[0]) / 2, (from[1] + to[1]) / 2])));
    await page.mouse.move(...(await place(to)));
    await page.mouse.up();
  };
  return { layer, regions, choose, click, select, drag };
}

/** Waits until the value of a region is so, within a hundredth of the picture. */
async function isAt(page: Page, index: number, expected: Record<string, number>): Promise<void> {
  const field = page.locator('[name="region.result"]');
  await waitUntil(`region ${index} is at ${JSON.stringify(expected)}`, async () => {
    const { value } = (JSON.parse(await field.inputValue()) as Entry[])[index] ?? {};
    return Object.entries(expected).every(([name, number]) => Math.abs((value?.[name] ?? NaN) - number) < 1);
  });
  await page.locator(idle).waitFor();
}

async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  const found = await page.evaluate<Result[]>(
    "axe.run({ resultTypes: ['violations'] }).then(({ violations }) => violations)",
  );
  return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join(" | ")}`);
}

const regionParts = `[...root.querySelectorAll(".region-list > li, .overlay g, .overlay svg")].map((each) =>
  each.outerHTML.replace(/ (autofocus|data-focus|autocomplete)(="[^"]*")?/g, "").replace(/>\\s+</g, "><"))`;

/** The list of regions and what is over the picture, as answers have made them. */
async function shownRegions(page: Page): Promise<string[]> {
  return page.evaluate<string[]>(`(() => { const root = document; return ${regionParts}; })()`);
}

/** The same as an answer that says all of it. */
async function wholeRegions(page: Page): Promise<string[]> {
  return page.evaluate<string[]>(`(async () => {
    const body = new URLSearchParams(new FormData(document.querySelector("[data-labels]")));
    body.set("region.whole", "1");
    const address = document.querySelector('[formaction$="/regions"]').getAttribute("formaction");
    const answer = await fetch(address, { method: "POST", body, headers: { "HX-Request": "true" } });
    const root = new DOMParser().parseFromString(await answer.text(), "text/html");
    return ${regionParts};
  })()`);
}

async function isChosen(row: Locator): Promise<void> {
  await row.and(row.page().locator('[aria-expanded="true"]')).waitFor();
}

for (const width of [390, 1280])
  test(`drawing at ${width} px: by mouse all shapes are drawn, chosen, moved, resized and deleted, and saved as Label Studio's`, async (t) => {
    const { page, errors, open, saved } = await openPicture(t, { viewport: { width, height: 900 } });
    await open();
    const { layer, regions, choose, click, drag } = drawingOn(page);
    await layer.waitFor();
    assert.equal(await page.locator('input[type="image"]:visible').count(), 0);

    await choose("Lake");
    await drag([0.9, 0.9], [0.6, 1.2]);
    await regions(1);
    await isAt(page, 0, { x: 60, y: 90, width: 30, height: 10 });
    await drag([0.1, 0.1], [0.3, 0.3]);
    await regions(2);
    // Moved as it is chosen, then made larger at its lower right corner.
    await drag([0.2, 0.2], [0.3, 0.3]);
    await isAt(page, 1, { x: 20, y: 20, width: 20, height: 20 });
    await drag([0.4, 0.4], [0.5, 0.45]);
    await isAt(page, 1, { x: 20, y: 20, width: 30, height: 25 });
    await choose("Ball");
    await drag([0.6, 0.2], [0.8, 0.4]);
    await regions(3);
    await isAt(page, 2, { x: 70, y: 30, radiusX: 10, radiusY: 10 });
    await choose("Nose");
    await click([0.3, 0.3]);
    await regions(4);
    await choose("Tree");
    for (const corner of [[0.2, 0.6], [0.4, 0.6], [0.3, 0.9]] as const) await click(corner); // prettier-ignore
    await page.keyboard.press("Enter");
    const drawn = await regions(5);
    assert.equal(drawn[4]?.value.points?.length, 3);

    // What is chosen on the picture is chosen in the list, and the other way round.
    const rows = page.locator(".region-words");
    await click([0.7, 0.3]);
    await isChosen(rows.nth(2));
    assert.equal(await page.evaluate("document.activeElement.getAttribute('role')"), "application");
    await rows.nth(1).click();
    await page.locator(".a9s-annotation.selected").waitFor();
    await isChosen(rows.nth(1));
    await page.locator(idle).waitFor();
    await layer.focus();
    await page.keyboard.press("]");
    await isChosen(rows.nth(2));
    await page.locator(idle).waitFor();
    await page.keyboard.press("Delete");
    await regions(4);
    await page.keyboard.press("Control+z");
    await regions(5);
    if (width === 1280) assert.deepEqual(await violations(page), []);
    assert.deepEqual(await shownRegions(page), await wholeRegions(page));

    await page.getByRole("button", { name: "Submit" }).click();
    await page.getByText("All done").waitFor();
    const result = await saved();
    assert.deepEqual(
      result.map(({ type }) => type),
      ["rectanglelabels", "rectanglelabels", "ellipselabels", "keypointlabels", "polygonlabels"],
    );
    const { id: _, value, ...members } = result[0] ?? {};
    const sum = (value?.y ?? 0) + (value?.height ?? 0);
    assert.deepEqual([sum, value?.rotation, value?.rectanglelabels], [100, 0, ["lk"]]);
    assert.deepEqual(members, {
      original_width: 600,
      original_height: 400,
      image_rotation: 0,
      from_name: "box",
      to_name: "img",
      type: "rectanglelabels",
      origin: "manual",
    });
    assert.deepEqual(errors, []);
  });

test("drawing: boxes are turned by their handle, corners of polygons move, and each picture of several is drawn on", async (t) => {
  const setup = label_config
    .replace('value="$image"', 'valueList="$image"')
    .replace("<EllipseLabels ", '<EllipseLabels canRotate="false" ');
  const points = [[20, 60.123456789], [40, 60], [30, 90]]; // prettier-ignore
  const common = { to_name: "img", original_width: 600, original_height: 400, image_rotation: 0, item_index: 0 };
  const predicted = [
    { ...common, id: "a", type: "rectanglelabels", from_name: "box", value: { x: 40, y: 30, width: 20, height: 10, rotation: 0, rectanglelabels: ["Car"] } }, // prettier-ignore
    { ...common, id: "b", type: "polygonlabels", from_name: "outline", value: { points, closed: true, polygonlabels: ["Tree"] } }, // prettier-ignore
    { ...common, id: "c", type: "ellipselabels", from_name: "round", value: { x: 80, y: 80, radiusX: 5, radiusY: 5, rotation: 0, ellipselabels: ["Ball"] } }, // prettier-ignore
  ];
  const { page, errors, open } = await openPicture(t, { viewport: { width: 1280, height: 900 } }, { setup, pictures: 2, predicted }); // prettier-ignore
  await open();
  const first = drawingOn(page);
  const second = drawingOn(page, 1);
  await second.layer.waitFor();
  const height = (await first.layer.boundingBox())?.height ?? 0;

  await first.select([0.5, 0.35], 1);
  await first.drag([0.5, 0.3 - 20 / height], [0.8, 0.35]);
  // Turned by a right angle around its middle, the upper left corner is above on the right.
  await isAt(page, 0, { x: 53.3, y: 20, width: 20, height: 10, rotation: 90 });
  await first.select([0.3, 0.7], 2);
  await first.drag([0.4, 0.6], [0.5, 0.5]);
  await waitUntil("the corner has moved", async () => (await first.regions(3))[1]?.value.points?.[1]?.[0] !== 40);
  const [, polygon] = await first.regions(3);
  assert.deepEqual([polygon?.value.points?.[0], polygon?.value.points?.[2]], [points[0], points[2]]);
  assert.ok(Math.abs((polygon?.value.points?.[1]?.[0] ?? 0) - 50) < 1);
  await first.click([0.8, 0.8]);
  await page.locator(".canvas.is-upright .a9s-annotation.selected").waitFor();
  assert.equal(await page.locator(".a9s-rotation-handle-group:visible").count(), 0);

  await page.locator(".palette").getByLabel("Car").check();
  await page.evaluate("document.querySelectorAll('.a9s-annotationlayer')[1].scrollIntoView({ block: 'center' })");
  await second.drag([0.2, 0.2], [0.4, 0.4]);
  await isAt(page, 3, { x: 20, y: 20, width: 20, height: 20 });
  const drawn = (await second.regions(4))[3] as Entry & { item_index?: number };
  assert.equal(drawn.item_index, 1);
  assert.deepEqual(errors, []);
});

test("drawing with a finger: it draws, or it scrolls and chooses, and the picture is made larger", async (t) => {
  const { page, errors, open } = await openPicture(t, { viewport: { width: 390, height: 800 }, hasTouch: true });
  await open();
  const { layer, regions, choose } = drawingOn(page);
  await layer.waitFor();
  const session = await page.context().newCDPSession(page);
  const touch = async (...places: Place[]) => {
    const box = await layer.boundingBox();
    assert.ok(box);
    const points = places.map(([x, y]) => ({ x: box.x + box.width * x, y: box.y + box.height * y }));
    for (const [index, point] of points.entries())
      await session.send("Input.dispatchTouchEvent", { type: index === 0 ? "touchStart" : "touchMove", touchPoints: [point] }); // prettier-ignore
    await session.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
  };
  await choose("Car");
  await touch([0.2, 0.2], [0.4, 0.3], [0.6, 0.5]);
  await regions(1);
  await isAt(page, 0, { x: 20, y: 20, width: 40, height: 30 });

  await page.getByRole("button", { name: "Scroll" }).click();
  await touch([0.9, 0.9]);
  await page.locator(".a9s-annotation.selected").waitFor({ state: "detached" });
  await page.locator(idle).waitFor();
  await touch([0.4, 0.4]);
  await page.locator(".a9s-annotation.selected").waitFor();
  await regions(1);
  const before = await layer.boundingBox();
  await page.getByRole("button", { name: "Zoom in" }).click();
  const after = await layer.boundingBox();
  assert.ok((after?.width ?? 0) > 1.4 * (before?.width ?? 0));
  assert.equal(await page.evaluate("document.documentElement.scrollWidth"), 390);
  assert.deepEqual(errors, []);
});

test("drawing: what is drawn without a label waits for one, a request that fails loses nothing, and Ctrl draws inside of a region", async (t) => {
  const { page, open, saved } = await openPicture(t, { viewport: { width: 1280, height: 900 } });
  await open();
  const { layer, regions, drag } = drawingOn(page);
  await layer.waitFor();
  await drag([0.1, 0.1], [0.3, 0.3]);
  await page.getByText("Choose a label for what you have drawn.").waitFor();
  await page.keyboard.press("c");
  await regions(1);

  const isRegions = (url: URL) => url.pathname.endsWith("/regions");
  await page.route(isRegions, (route) => route.abort());
  await drag([0.5, 0.5], [0.7, 0.7]);
  await page.getByText("Nothing is lost: try again").waitFor();
  await page.unroute(isRegions);
  await page.route(isRegions, (route) => route.fulfill({ status: 500, body: "<main>Broken</main>" }), { times: 1 });
  const refused = page.waitForResponse((response) => response.status() === 500);
  await drag([0.5, 0.5], [0.7, 0.7]);
  await refused;
  await page.locator(idle).waitFor();
  await drag([0.5, 0.5], [0.7, 0.7]);
  await regions(2);
  await isAt(page, 1, { x: 50, y: 50, width: 20, height: 20 });

  await page.getByText("Hold Ctrl to draw inside the chosen region.").waitFor();
  await page.keyboard.down("Control");
  await drag([0.55, 0.55], [0.65, 0.65]);
  await page.keyboard.up("Control");
  await regions(3);
  await isAt(page, 1, { x: 50, y: 50, width: 20, height: 20 });
  await isAt(page, 2, { x: 55, y: 55, width: 10, height: 10 });
  assert.equal(await page.evaluate("document.querySelector('.label-questions').scrollTop"), 0);
  // Quick hands: what has no answer yet is deleted, and what is submitted has all that was drawn.
  await drag([0.1, 0.6], [0.3, 0.8]);
  await page.keyboard.press("Delete");
  await page.locator(idle).waitFor();
  await regions(3);
  for (const x of [0.1, 0.3, 0.5]) await drag([x, 0.75], [x + 0.1, 0.9]);
  await page.getByRole("button", { name: "Submit" }).click();
  await page.getByText("All done").waitFor();
  assert.equal((await saved()).length, 6);
});

test("drawing: without the library the picture stays a button, and pages without pictures to draw on load nothing of it", async (t) => {
  const { repositories, user } = await program();
  const { page, open } = await openPicture(t);
  await page.route("**/annotorious.js", (route) => route.abort());
  const loaded: string[] = [];
  page.on("request", (request) => void loaded.push(new URL(request.url()).pathname.split("/").at(-1) ?? ""));
  await open();
  await page.waitForLoadState("networkidle");
  assert.ok(loaded.includes("drawing.js"));
  assert.equal(await page.locator('input[type="image"]:visible').count(), 1);
  assert.equal(await page.locator(".drawing-tools:visible").count(), 0);

  loaded.length = 0;
  const project = await addProject({ repositories }, user, { title: "Texts" });
  await addTasks({ repositories }, project, ["A text"]);
  for (const address of ["/", "/projects", `/projects/${project.id}`, `/projects/${project.id}/label`])
    await page.goto(address, { waitUntil: "networkidle" });
  assert.deepEqual(loaded.filter((name) => /annotorious|drawing/.test(name)), []); // prettier-ignore
});
