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

const pdfs: [string, string | undefined, string][] = [
  ["https://example.com/a.pdf?x=1", "https://example.com/a.pdf?x=1", "https://example.com"],
  ["/data/upload/1/a.pdf", "/data/upload/1/a.pdf", "'self'"],
  ["data:application/pdf;base64,AAAA", "data:application/pdf;base64,AAAA", "data:"],
  ["javascript:alert(1)", undefined, "'none'"],
  ["data:text/html,<b>x</b>", undefined, "'none'"],
];

for (const [address, shown, source] of pdfs)
  test(`labeling: a PDF at ${address} is ${shown ? "embedded, and that page alone may" : "named, not loaded"}`, async (t) => {
    const { project, browser } = await startLabeling(await startApp(t), `<Pdf name="o" value="$pdf"/>${ask}`, [
      { pdf: address },
    ]);
    const answer = await browser.get(`/projects/${project.id}/label`).expect(200);
    const page = read(answer);

    assert.equal(page("embed[type='application/pdf']").attr("src"), shown);
    assert.equal(/object-src ([^;]*)/.exec(answer.headers["content-security-policy"] ?? "")?.[1], source);
    if (shown && !shown.startsWith("data:")) assert.equal(page("figcaption a").attr("href"), shown);
    const other = await browser.get("/projects/").expect(200);
    assert.match(other.headers["content-security-policy"] ?? "", /object-src 'none'/);
  });

test("labeling: the host of a PDF can’t widen the policy of the page", async (t) => {
  const { project, browser } = await startLabeling(await startApp(t), `<Pdf name="o" value="$pdf"/>${ask}`, [
    { pdf: "https://a;script-src*/x.pdf" },
  ]);
  const answer = await browser.get(`/projects/${project.id}/label`).expect(200);
  assert.match(answer.headers["content-security-policy"] ?? "", /object-src 'none'/);
  assert.match(answer.headers["content-security-policy"] ?? "", /script-src 'self';/);
});

test("labeling: messages are shown with their roles, in their order, as text", async (t) => {
  const page = await pageFor(t, '<Chat name="o" value="$chat"/>', {
    chat: [
      { role: "user", content: "<b>Hi</b>\n\nthere" },
      { role: "assistant", content: "Hello" },
    ],
  });
  const messages = page(".chat .message").toArray().map((each) => page(each).text()); // prettier-ignore
  assert.deepEqual(messages, ["User<b>Hi</b>\n\nthere", "AssistantHello"]);
});

test("labeling: messages are added to a chat one after the other, and counted as answers", async (t) => {
  const app = await startApp(t);
  const tags = '<Chat name="chat" value="$chat" minMessages="3"/>';
  const { project, tasks, browser } = await startLabeling(app, tags, [{ chat: [{ role: "user", content: "Hi" }] }]);
  const address = `/projects/${project.id}/tasks/${tasks[0]?.id}`;
  const first = read(await browser.get(`${address}/label`).expect(200));
  const form = first("[data-labels]").serialize();
  const draft = (body: string) => browser.post(`${address}/draft`).send(body).expect(303);

  const early = await browser.post(`${address}/label`).send(`${form.replace("answer.chat=", "answer.chat=Yes%3F")}`);
  assert.match(read(early)(".question .error").text(), /Write one more message/);
  await draft(form.replace("answer.chat=", "answer.chat=Yes%3F"));
  const second = read(await browser.get(`${address}/label`).expect(200));
  assert.deepEqual(second("textarea").toArray().map((each) => second(each).text().trim()), ["Yes?", ""]); // prettier-ignore
  assert.deepEqual(second("select").toArray().map((each) => second(each).val()), ["assistant", "user"]); // prettier-ignore
  const body = second("[data-labels]")
    .serialize()
    .replace("answer.chat=&", "answer.chat=So%3F&")
    .replace(/answer.chat=$/, "answer.chat=So%3F");
  await browser.post(`${address}/label`).send(body).expect(303);

  const [annotation] = await app.repositories.annotations.listByTasks([tasks[0]?.id ?? 0]);
  const entries = JSON.parse(annotation?.result ?? "[]") as {
    type: string;
    value: { chatmessage: { role: string; content: string } };
  }[];
  assert.deepEqual(
    entries.map(({ type, value }) => [type, value.chatmessage.role, value.chatmessage.content]),
    [
      ["chatmessage", "assistant", "Yes?"],
      ["chatmessage", "user", "So?"],
    ],
  );
  const page = read(await browser.get(address).expect(200));
  assert.match(page("#annotations").text(), /assistant: Yes\?[^]*user: So\?/);
});

test("labeling: a series is drawn, with its numbers in a table", async (t) => {
  const tags =
    '<TimeSeries name="o" value="$ts" timeColumn="time"><Channel column="v" legend="Speed" units="m/s"/></TimeSeries>';
  const page = await pageFor(t, tags, { ts: { time: [0, 1, 2], v: [1, 3, 2] } });

  assert.equal(page(".series path").attr("d"), "M0 200L500 0L1000 100");
  assert.equal(page(".series svg").attr("aria-label"), "Speed: 3 values from 1 to 3, 0 to 2");
  assert.match(page(".series figcaption").text(), /Speed \(m\/s\)\s*1 to 3/);
  assert.deepEqual([page("th").text(), page("td").text()], ["timev", "011322"]);
});

test("labeling: a long series says which of its rows the table has", async (t) => {
  const v = Array.from({ length: 250 }, (_, row) => row);
  const page = await pageFor(t, '<TimeSeries name="o" value="$ts"><Channel column="v"/></TimeSeries>', { ts: { v } });
  assert.match(page("details:has(table)").text(), /250 rows as a table\s+The first and the last 50 of 250 rows\./);
  assert.equal(page("tbody tr").length, 100);
});

test("labeling: a series at an address is a link, and says why", async (t) => {
  const page = await pageFor(t, '<TimeSeries name="o" value="$ts" valueType="url"/>', {
    ts: "https://example.com/a.csv",
  });
  assert.equal(page(".label-data a[target]").attr("href"), "https://example.com/a.csv");
  assert.match(
    page(".label-data").text(),
    /A series on another server isn’t drawn here, as this server fetches nothing\./,
  );
});

test("labeling: each entry of a Repeater is shown, and asked about, under its number", async (t) => {
  const tags = `<Repeater on="$list"><Text name="e_{{idx}}" value="$list[{{idx}}].text"/>
    <Rating name="r_{{idx}}" toName="e_{{idx}}"/></Repeater>`;
  const page = await pageFor(t, tags, { list: [{ text: "One" }, { text: "Two" }] });
  const texts = (selector: string) => page(selector).toArray().map((each) => page(each).text().trim()); // prettier-ignore

  assert.deepEqual(texts(".label-data .entry :is(h2, .object)"), ["1 of 2", "One", "2 of 2", "Two"]);
  assert.deepEqual(texts(".label-panel .entry > h2"), ["1 of 2", "2 of 2"]);
  assert.equal(page('.label-panel .entry [name="answer.r_1"]').length, 5);
  assert.equal(page(".other-fields").length, 0);
});

test("labeling: panels open and close, and one with a mistake is open", async (t) => {
  const tags = `<Text name="o" value="$text"/><Collapse><Panel value="Help"><Header>Do this</Header></Panel>
    <Panel value="More"><Number name="n" toName="o"/></Panel></Collapse>`;
  const { project, browser } = await startLabeling(await startApp(t), tags);
  const page = read(await browser.get(`/projects/${project.id}/label`));
  const open = (each: typeof page) => each("details.panel[open] > summary").toArray().map((summary) => each(summary).text()); // prettier-ignore

  assert.deepEqual(open(page), []);
  assert.equal(page("details.panel[name]").length, 2);
  assert.deepEqual(open(read(await send(browser, page, { n: "many" }))), ["More"]);
});

test("labeling: Markdown and the HTML of options are shown, without what could act", async (t) => {
  const tags = `<Markdown>## Rules

- be **kind** &lt;script&gt;x()&lt;/script&gt;</Markdown><Text name="o" value="$text"/>
    <Choices name="m" toName="o"><Choice value="A" html="&lt;img src='/a.png' onerror='x()'&gt;"/></Choices>`;
  const page = await pageFor(t, tags, { text: "A text" });
  assert.equal(page(".html h2").text(), "Rules");
  assert.equal(page(".html li strong").text(), "kind");
  assert.equal(page("main script, [onerror]").length, 0);
  assert.equal(page(".option .html img").attr("src"), "/a.png");
});

test("labeling: texts that a question has ready are there to be chosen, or copied", async (t) => {
  const tags = `<Text name="o" value="$text"/><TextArea name="w" toName="o"><Shortcut alias="Silence" value="[SILENCE]"/></TextArea>`;
  const page = await pageFor(t, tags, { text: "A text" });
  assert.equal(page("[data-inserts]").attr("data-inserts"), "[SILENCE]");
  assert.equal(page("[data-shortcut-texts] .without-script").text().trim(), "[SILENCE]");
});

test("labeling: what is compared is called the first and the second, wherever it stands", async (t) => {
  const tags = `<Pairwise name="p" toName="a,b"/><View><Text name="a" value="$text"/></View><View><Text name="b" value="$more"/></View>`;
  const page = await pageFor(t, tags, { text: "One", more: "Two" });
  const texts = page(".label-data :is(h2, .object)").toArray().map((each) => page(each).text()); // prettier-ignore
  assert.deepEqual(texts, ["The first", "One", "The second", "Two"]);
});

test("labeling: what a setup asks beyond these pages is named, with why", async (t) => {
  const tags = `<Style>.a {}</Style><VectorLabels name="l" toName="o"><Label value="x"/></VectorLabels><Brush name="b" toName="o"/>
    <Hologram name="h" value="$text"/><Text name="o" value="$text"/>`;
  const page = await pageFor(t, tags, { text: "A text" });
  const notes = page(".label-data .note li").toArray().map((each) => page(each).text()); // prettier-ignore
  assert.deepEqual(notes, ["VectorLabels, Brush: regions can’t be drawn here yet", "Hologram: isn’t known here"]);
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
