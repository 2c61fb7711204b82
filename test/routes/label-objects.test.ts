import assert from "node:assert/strict";
import { test } from "node:test";

import { startApp } from "../support/app.ts";
import { send, startLabeling } from "../support/labeling.ts";
import { read } from "../support/pages.ts";
import type { Page } from "../support/pages.ts";

const ask = '<Rating name="c" toName="o"/>';

async function pageFor(t: Parameters<typeof startApp>[0], tags: string, data: object): Promise<Page> {
  const { project, browser } = await startLabeling(await startApp(t), tags + ask, [data]);
  return read(await browser.get(`/projects/${project.id}/label`).expect(200));
}

test("labeling: HTML of a task is shown without what could act, ask or load", async (t) => {
  const html = `<p onclick="x()" style="color:red" id="flash" class="flash">Hi <b>you</b></p><script>bad()</script>
    <style>body{display:none}</style><form action="/x"><input name="seen"><button>Go</button></form>
    <iframe src="https://example.com"></iframe><svg onload="x()"></svg><a href="javascript:x()">one</a>
    <a href="https://example.com">two</a><img src="https://example.com/a.png" onerror="x()" srcset="b.png 2x">
    <img src="javascript:x()"><video src="https://example.com/v"></video><base href="https://example.com">`;
  const object = (await pageFor(t, '<HyperText name="o" value="$html"/>', { html }))(".object.html");

  assert.equal(object.find("b").text(), "you");
  assert.equal(object.find("script, style, form, input, button, iframe, svg, video, base").length, 0);
  assert.equal(object.find("[onclick], [onerror], [onload], [style], [id], [class], [srcset]").length, 0);
  assert.doesNotMatch(object.html() ?? "", /javascript|bad\(\)|display:none/);
  assert.equal(object.find('a[href="https://example.com"]').attr("rel"), "noopener noreferrer");
  assert.equal(object.find('img[src="https://example.com/a.png"]').length, 1);
});

test("labeling: text of a task is text, whatever is in it", async (t) => {
  const text = `<b>bold</b> {{ base }} "quoted" & more`;
  const page = await pageFor(t, '<Header value="$text"/><Text name="o" value="$text"/>', { text });

  assert.equal(page(".object").text(), text);
  assert.equal(page(".label-data h2").text(), text);
});

for (const field of ["url-a", "first name", "größe", "a.b", "price [EUR]"])
  test(`labeling: a field called “${field}” is what the API asks for, and what the page shows`, async (t) => {
    const app = await startApp(t);
    const { project, browser } = await startLabeling(app, `<Text name="o" value="$${field}"/>${ask}`, []);
    const send = (data: object) => browser.post("/api/tasks/").send({ project: project.id, data });

    await send({ url: "hello" }).expect(400, /key is expected in task data/);
    await send({ [field]: "hello" }).expect(201);

    const page = read(await browser.get(`/projects/${project.id}/label`).expect(200));
    assert.equal(page(".label-data .object").text(), "hello");
    assert.equal(page(".other-fields").length, 0);
  });

const addresses: [string, boolean][] = [
  ["https://example.com/a.png", true],
  ["http://example.com/a.png", true],
  ["/data/upload/1/a.png", true],
  ["data:image/png;base64,AAAA", true],
  ["data:text/html,<b>x</b>", false],
  ["javascript:alert(1)", false],
  [" JavaScript:alert(1)", false],
  ["s3://bucket/a.png", false],
  ["file:///etc/passwd", false],
];

for (const [address, isShown] of addresses) {
  test(`labeling: an image at ${address} is ${isShown ? "shown" : "named, not loaded"}`, async (t) => {
    const page = await pageFor(t, '<Image name="o" value="$image"/>', { image: address });

    assert.equal(page("[data-labels] img").attr("src"), isShown ? address : undefined);
    assert.equal(page("[data-labels] a").filter((_, link) => /script:|data:/i.test(link.attribs.href ?? "")).length, 0);
    if (!isShown) assert.match(page("[data-labels] .note").text(), /A browser can’t open this address/);
  });
}

test("labeling: recordings, talks, tables and lists are shown", async (t) => {
  const tags = `<Audio name="o" value="$sound"/><Video name="v" value="$film"/><Paragraphs name="p" value="$talk"/>
    <Table name="b" value="$table"/><List name="l" value="$list" title="Found"/>`;
  const page = await pageFor(t, tags, {
    sound: "https://example.com/a.mp3",
    film: "/v.mp4",
    talk: [{ author: "Ada", text: "Hello" }],
    table: [{ name: "Bo", age: 7 }],
    list: [{ id: "1", title: "One", body: "Body" }],
  });

  assert.equal(page("audio[controls]").attr("src"), "https://example.com/a.mp3");
  assert.equal(page("video[controls]").attr("src"), "/v.mp4");
  assert.match(page(".talk").text(), /Ada\s+Hello/);
  assert.deepEqual([page("th").text(), page("td").text()], ["nameage", "Bo7"]);
  assert.match(page(".listed").text(), /One\s+Body/);
});

test("labeling: an image that a task lacks is told", async (t) => {
  const page = await pageFor(t, '<Image name="o" value="$image"/>', {});
  assert.match(page("[data-labels]").text(), /This task has no image here\./);
});

test("labeling: the project's instructions are shown, cleaned", async (t) => {
  const { project, browser } = await startLabeling(await startApp(t), '<Text name="o" value="$text"/>', undefined, {
    show_instruction: true,
    expert_instruction: "<p>Read <em>twice</em><script>x()</script></p>",
  });

  const page = read(await browser.get(`/projects/${project.id}/label`));

  assert.equal(page(".label-data .html").html(), "<p>Read <em>twice</em></p>");
  assert.equal(page("#instructions[popover] .html:not(.lines)").html(), "<p>Read <em>twice</em></p>");
});

test("labeling: instructions without markup of their own keep their lines, and step aside after the first answer", async (t) => {
  const { project, browser } = await startLabeling(
    await startApp(t),
    '<Text name="o" value="$text"/><Rating name="c" toName="o"/>',
    [{ text: "1" }, { text: "2" }],
    { show_instruction: true, expert_instruction: "Read <b>all</b>.\n- in doubt: 3" },
  );

  const first = read(await browser.get(`/projects/${project.id}/label`));
  await send(browser, first, { c: "3" });
  const second = read(await browser.get(`/projects/${project.id}/label`));

  assert.equal(first(".label-data .html.lines").text(), "Read all.\n- in doubt: 3");
  assert.equal(second(".label-data .html").length, 0);
  assert.equal(second("#instructions .html.lines").text(), "Read all.\n- in doubt: 3");
});

test("labeling: data is beside the questions, wherever they are in the setup", async (t) => {
  const { project, browser } = await startLabeling(
    await startApp(t),
    `<Header value="Read"/><Rating name="first" toName="o"/><Header value="The text"/><Text name="o" value="$text"/>
     <View><Header value="How good?"/><Rating name="second" toName="o"/><Text name="p" value="$more"/></View>`,
    [{ text: "A text", more: "More", rest: "Neither" }],
  );

  const page = read(await browser.get(`/projects/${project.id}/label`));

  const texts = (selector: string) => page(selector).toArray().map((each) => page(each).text().trim()); // prettier-ignore
  assert.deepEqual(texts(".label-data h2, .label-data .object"), ["The text", "A text", "More"]);
  assert.deepEqual(texts(".label-panel legend bdi"), ["Read", "How good?"]);
  assert.equal(page(".label-panel .object, .label-data fieldset").length, 0);
  assert.deepEqual(texts(".other-fields dt"), ["rest"]);
});
