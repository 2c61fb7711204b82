import assert from "node:assert/strict";
import { test } from "node:test";

import { startApp } from "../support/app.ts";
import { startLabeling } from "../support/labeling.ts";
import { lineOf, linesOf, read } from "../support/pages.ts";
import { addUpload, wav } from "../support/recordings.ts";
import { clickPicture, labelField, openLabelPage, press, regionFormBody, savedResult } from "../support/regions.ts";

const tags = '<Labels name="label" toName="audio"><Label value="Speech"/></Labels><Audio name="audio" value="$audio"/>';

test("waves: a recording on this server has one, and the styles of that page alone a nonce", async (t) => {
  const app = await startApp(t);
  const { browser, project } = await startLabeling(app, tags, []);
  const pageOf = async (audio: string) => {
    const task = await app.repositories.tasks.create(project, { data: JSON.stringify({ audio }), meta: "{}" }, 1);
    const answer = await browser.get(`/projects/${project.id}/tasks/${task.id}/label`).expect(200);
    return { page: read(answer), policy: answer.headers["content-security-policy"] ?? "" };
  };
  const address = await addUpload(app.repositories, project, "talk.wav", wav(1));

  const here = await pageOf(address);
  assert.match(here.policy, /style-src 'self' 'nonce-[A-Za-z0-9]{40}';/);
  assert.doesNotMatch(here.policy, /unsafe/);
  assert.ok(here.policy.includes(here.page(".wave[hidden]").attr("data-nonce") ?? "none"));
  assert.equal(here.page('script[src$="/waves.js"]').length, 1);
  const again = await pageOf(address);
  assert.notEqual(again.page(".wave").attr("data-nonce"), here.page(".wave").attr("data-nonce"));
  for (const elsewhere of ["https://example.com/talk.mp3", "/data/upload/1/gone.wav", "/talk.wav"]) {
    const { page, policy } = await pageOf(elsewhere);
    assert.match(policy, /style-src 'self';/, elsewhere);
    assert.equal(page('.wave, [data-marked], script[src$="/waves.js"]').length, 0);
  }
});

test("waves: what a drag sends marks a segment and moves it, and what no page sends does nothing", async (t) => {
  const app = await startApp(t);
  const { browser, project } = await startLabeling(app, tags, []);
  const audio = await addUpload(app.repositories, project, "talk.wav", wav(1));
  const task = await app.repositories.tasks.create(project, { data: JSON.stringify({ audio }), meta: "{}" }, 1);
  let page = await openLabelPage(browser, task);
  const send = async (action: string, fields: Record<string, string> = {}) => {
    const body = regionFormBody(page, { ...fields, "region.do": action });
    page = read(await browser.post(`/projects/${project.id}/tasks/${task.id}/regions`).type("form").send(body));
    return JSON.parse(page("[data-marked]").attr("data-marked") ?? "[]") as { id: string; start: number }[];
  };

  const [marked] = await send("mark audio 0.25-0.5", labelField("label", "Speech"));
  const { id = "" } = marked ?? {};
  assert.deepEqual(marked, { id, number: 1, words: "Speech", color: 1, is_selected: true, start: 0.25, end: 0.5 });
  assert.equal((await send(`move-ends 0.125-0.5 ${id}`))[0]?.start, 0.125);
  assert.deepEqual(linesOf(page, ".region-words"), ["1 Speech 0:00.125–0:00.5"]);
  for (const action of [
    "move-ends",
    `move-ends 2-1 ${id}`,
    `move-ends x ${id}`,
    "move-ends 1-2 nobody",
    "mark audio 3",
  ])
    assert.equal((await send(action))[0]?.start, 0.125, action);
});

test("waves: without JavaScript two clicks on the wave of a WAV file mark a segment, and its length is the file's", async (t) => {
  const app = await startApp(t);
  const { browser, project } = await startLabeling(app, tags, []);
  const open = async (name: string, content: Buffer) => {
    const audio = await addUpload(app.repositories, project, name, content);
    const task = await app.repositories.tasks.create(project, { data: JSON.stringify({ audio }), meta: "{}" }, 1);
    return { task, page: await openLabelPage(browser, task) };
  };
  const other = await open("talk.mp3", Buffer.from("ID3 of another format"));
  assert.equal(other.page('[type="image"]').length, 0);
  assert.equal(other.page(".wave").length, 1);

  const { task, page } = await open("talk.wav", wav(10));
  assert.equal((page(".wave-picture path").attr("d") ?? "").split("M").length, 501);
  const place = [160, 40];
  const first = await clickPicture(browser, page, { width: 640, place }, labelField("label", "Speech"));
  assert.equal(first.status, 200, first.text);
  assert.match(lineOf(first.page(".regions .note p").first()), /^From “0:02\.5”: click where it ends\.$/);
  assert.equal(first.page(".overlay .is-pending").length, 1);
  const second = await clickPicture(browser, first.page, { width: 880, place: [879, 95] });
  assert.deepEqual(linesOf(second.page, ".region-words"), ["1 Speech 0:02.5–0:10"]);
  assert.equal(second.page(".overlay polygon.outline").length, 1);
  const pressed = await clickPicture(browser, second.page, { width: 320, place: [0, 0] });
  assert.equal(pressed.page("[autofocus]").attr("id"), "from-audio");
  const wide = await press(browser, second.page, "Wider wave");
  const again = await clickPicture(browser, wide.page, { width: 2560, place: [256, 1] }, labelField("label", "Speech"));
  const last = await clickPicture(browser, again.page, { width: 2560, place: [256, 1] });
  assert.equal((await press(browser, last.page, "Submit Ctrl Enter")).status, 303);

  const saved = await savedResult(app, task);
  assert.deepEqual(
    saved.map(({ original_length, value }) => [original_length, value]),
    [
      [10, { start: 2.5, end: 10, channel: 0, labels: ["Speech"] }],
      [10, { start: 1, end: 1.004, channel: 0, labels: ["Speech"] }],
    ],
  );
});
