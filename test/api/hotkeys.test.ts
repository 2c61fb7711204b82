import assert from "node:assert/strict";
import { test } from "node:test";

import { startApi } from "../support/api.ts";
import { share } from "../support/app.ts";

const path = "/api/current-user/hotkeys/";
const allow = "GET, PATCH, HEAD, OPTIONS";

const validHotkeys = { "annotation:submit": { key: "ctrl+enter", active: true }, "video:play": { key: "space" } };

test("api hotkeys: there are none at first", async (t) => {
  const { owner } = await startApi(t);

  const answer = await owner.script("get", path);

  assert.equal(answer.status, 200);
  assert.equal(answer.headers.allow, allow);
  assert.deepEqual(answer.body, { custom_hotkeys: {} });
});

test("api hotkeys: what belongs to no hotkey is left out, however deep or long it is", async (t) => {
  const { owner } = await startApi(t);
  const deep = `${"[".repeat(90)}${"]".repeat(90)}`;

  for (const more of [`"note":"${"x".repeat(10_000)}"`, `"deep":${deep}`]) {
    const text = `{"custom_hotkeys":{"a:b":{"key":"x",${more}}}}`;
    const answer = await owner.script("patch", path).set("Content-Type", "application/json").send(text);
    assert.equal(answer.status, 200);
    assert.deepEqual(answer.body, { custom_hotkeys: { "a:b": { key: "x" } } });
  }
});

test("api hotkeys: too many are refused before each of them is", async (t) => {
  const { owner } = await startApi(t);
  const many = Object.fromEntries(Array.from({ length: 20_000 }, (_, index) => [`bad${index}`, {}]));

  const answer = await owner.script("patch", path, { custom_hotkeys: many });

  assert.equal(answer.status, 400);
  assert.deepEqual(answer.body.details, { custom_hotkeys: ["Cannot define more than 200 custom hotkeys"] });
});

for (const address of [path, "/api/current-user/hotkeys"]) {
  test(`api hotkeys: PATCH ${address} answers those that were set, and the record holds them`, async (t) => {
    const { owner } = await startApi(t);

    const answer = await owner.script("patch", address, { custom_hotkeys: validHotkeys });

    assert.equal(answer.status, 200);
    assert.equal(answer.headers.allow, allow);
    assert.deepEqual(answer.body, { custom_hotkeys: validHotkeys });
    assert.deepEqual((await owner.script("get", address).expect(200)).body, { custom_hotkeys: validHotkeys });
    const record = (await owner.script("get", "/api/current-user/whoami").expect(200)).body;
    assert.deepEqual(record.custom_hotkeys, validHotkeys);
  });
}

test("api hotkeys: all are replaced at once, and none is left of an empty object", async (t) => {
  const { owner } = await startApi(t);
  await owner.script("patch", path, { custom_hotkeys: validHotkeys }).expect(200);
  const other = { "image:zoom": { key: "+", active: false } };

  for (const custom_hotkeys of [other, {}]) {
    await owner.script("patch", path, { custom_hotkeys }).expect(200, { custom_hotkeys });
    await owner.script("get", path).expect(200, { custom_hotkeys });
  }
});

test("api hotkeys: they are one's own", async (t) => {
  const { owner, member } = await startApi(t);
  const ann = await member();

  await ann.script("patch", path, { custom_hotkeys: validHotkeys, id: 1, user: 1 }).expect(200);

  await owner.script("get", path).expect(200, { custom_hotkeys: {} });
});

/** Hotkeys for this many actions. */
function actions(count: number): object {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`a:${index}`, { key: "x" }]));
}

const accepted: Record<string, object> = {
  "200 of them": actions(200),
  "an action of 100 characters": { [`a:${"b".repeat(98)}`]: { key: "x" } },
  "a key of 50 characters": { "a:b": { key: "x".repeat(50) } },
  "an action with two colons": { "a:b:c": { key: "x" } },
  "letters, digits and a space": { "a:b": { key: "aZ 09" } },
  "every sign that is allowed": { "a:b": { key: "+-[]\\;'\".,/`~!@#$%^&*()_={}|:<>?" } },
  "modifiers in a row": { "a:b": { key: "ctrl+alt+shift+option+meta+command+k" } },
  "a script's end in an action": { "a:</script>": { key: "x" } },
};

for (const [what, custom_hotkeys] of Object.entries(accepted)) {
  test(`api hotkeys: ${what} can be set`, async (t) => {
    const { owner } = await startApi(t);

    await owner.script("patch", path, { custom_hotkeys }).expect(200, { custom_hotkeys });

    await owner.script("get", path).expect(200, { custom_hotkeys });
  });
}

test("api hotkeys: two hundred long ones can be set, by whatever kind of body", async (t) => {
  const { owner } = await startApi(t);
  const entry = (_: unknown, index: number) => [`section:${"b".repeat(80)}${index}`, { key: "k".repeat(50) }];
  const custom_hotkeys = Object.fromEntries(Array.from({ length: 200 }, entry));
  const text = JSON.stringify(custom_hotkeys);

  await owner.script("patch", path, { custom_hotkeys }).expect(200, { custom_hotkeys });
  for (const send of [
    () => owner.script("patch", path).type("form").send({ custom_hotkeys: text }),
    () => owner.script("patch", path).field("custom_hotkeys", text),
  ]) {
    await owner.script("patch", path, { custom_hotkeys: {} }).expect(200);
    await send().expect(200, { custom_hotkeys });
  }
});

const reserved = `ctrl+alt+delete cmd+alt+escape alt+f4 ctrl+alt+esc cmd+option+esc ctrl+shift+esc cmd+shift+q
  alt+tab cmd+tab ctrl+alt+t cmd+space`.split(/\s+/);

const longAction = `a:${"b".repeat(99)}`;

const rejected: { input: unknown; says: string }[] = [
  { input: undefined, says: "This field is required." },
  { input: null, says: "This field may not be null." },
  { input: [], says: 'Expected a dictionary of items but got type "list".' },
  { input: "x", says: 'Expected a dictionary of items but got type "str".' },
  { input: 1, says: 'Expected a dictionary of items but got type "int".' },
  { input: { nosection: { key: "a" } }, says: "Action key 'nosection' must be in 'section:action' format" },
  { input: { "a:": { key: "a" } }, says: "Action key 'a:' must have non-empty section and action parts" },
  { input: { ":b": { key: "a" } }, says: "Action key ':b' must have non-empty section and action parts" },
  { input: { [longAction]: { key: "x" } }, says: `Action key '${longAction}' is too long (max 100 characters)` },
  { input: { "a:b": "x" }, says: "Hotkey data for 'a:b' must be a dictionary" },
  { input: { "a:b": ["x"] }, says: "Hotkey data for 'a:b' must be a dictionary" },
  { input: { "a:b": null }, says: "Hotkey data for 'a:b' must be a dictionary" },
  { input: { "a:b": {} }, says: "Missing 'key' in hotkey data for 'a:b'" },
  { input: { "a:b": { active: true } }, says: "Missing 'key' in hotkey data for 'a:b'" },
  { input: { "a:b": { key: "" } }, says: "Key combination for 'a:b' must be a non-empty string" },
  { input: { "a:b": { key: 1 } }, says: "Key combination for 'a:b' must be a non-empty string" },
  { input: { "a:b": { key: "x".repeat(51) } }, says: "Key combination for 'a:b' is too long (max 50 characters)" },
  { input: { "a:b": { key: "x", active: "yes" } }, says: "Active flag for 'a:b' must be a boolean" },
  { input: { "a:b": { key: "é" } }, says: "Key combination 'é' for 'a:b' contains invalid characters" },
  { input: { "a:b": { key: "x\0" } }, says: "Key combination 'x\0' for 'a:b' contains invalid characters" },
  { input: actions(201), says: "Cannot define more than 200 custom hotkeys" },
  {
    input: { "a:b": { key: "averyveryverylongmodifier+x" } },
    says: "Invalid modifier or key 'averyveryverylongmodifier' in key combination 'averyveryverylongmodifier+x'",
  },
  ...[...reserved, "Alt+F4", "CTRL+ALT+DELETE"].map((key) => ({
    input: { "a:b": { key } },
    says: `Key combination '${key}' is not allowed for security reasons`,
  })),
];

const appWithHotkeys = share(async (t) => {
  const app = await startApi(t);
  await app.owner.script("patch", path, { custom_hotkeys: validHotkeys }).expect(200);
  return app;
});

for (const { input, says } of rejected) {
  test(`api hotkeys: ${(JSON.stringify(input) ?? "nothing").slice(0, 80)} is refused, and the old ones stay`, async () => {
    const { owner } = await appWithHotkeys();

    const answer = await owner.script("patch", path, { custom_hotkeys: input });

    assert.equal(answer.status, 400);
    assert.equal(answer.headers.allow, allow);
    const expected = { error: "Invalid hotkeys configuration", details: { custom_hotkeys: [says] } };
    assert.deepEqual(answer.body, expected);
    await owner.script("get", path).expect(200, { custom_hotkeys: validHotkeys });
  });
}

test("api hotkeys: a list in place of the body is refused in the same shape", async (t) => {
  const { owner } = await startApi(t);

  await owner.script("patch", path, [1]).expect(400, {
    error: "Invalid hotkeys configuration",
    details: { non_field_errors: ["Invalid data. Expected a dictionary, but got list."] },
  });
});
