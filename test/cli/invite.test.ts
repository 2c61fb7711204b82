import assert from "node:assert/strict";
import { test } from "node:test";
import type { TestContext } from "node:test";

import { openShellInProcess } from "../support/command.ts";

async function shellWithAda(t: TestContext, environment = {}) {
  const shell = openShellInProcess(t, environment);
  const repositories = await shell.openRepositories();
  const ada = await repositories.users.create({ email: "ada@example.com" });
  return { ...shell, repositories, ada };
}

test("invite create: the link is the only line on standard output, for one person within a week, and works", async (t) => {
  const { run, serve, repositories } = await shellWithAda(t, { LABEL_STUDIO_DISABLE_SIGNUP_WITHOUT_LINK: "true" });

  const { code, stdout, stderr } = await run(["invite", "create", "--note", "night shift"]);

  assert.equal(code, 0);
  assert.match(stdout, /^http:\/\/localhost:8080\/user\/signup\/\?token=[\w-]{43}\n$/);
  assert.match(stderr, /^Invitation 1\. Copy the link: it can't be shown again\.\nNote: without LABEL_STUDIO_HOST /);
  const stored = await repositories.invitations.find(1);
  assert.deepEqual([stored?.note, stored?.max_uses, stored?.created_by_id], ["night shift", 1, null]);
  assert.equal(Math.round((Date.parse(stored?.expires_at ?? "") - Date.now()) / 86_400_000), 7);
  const { url } = await serve(["start", "-b", "--port", "0"]);
  const link = new URL(stdout.trim());
  assert.equal((await fetch(new URL(link.pathname + link.search, url))).status, 200);
  assert.equal((await fetch(new URL(`${link.pathname}?token=x`, url))).status, 403);
  const [event] = await repositories.events.list({ group: "people", limit: 1 });
  assert.deepEqual(
    [event?.name, event?.actor_id, event?.details],
    ["invitation_created", null, { name: "night shift", invitation: 1 }],
  );
});

test("invite create --json: with limits and at the configured address", async (t) => {
  const { run } = await shellWithAda(t, { LABEL_STUDIO_HOST: "https://labels.example.com/team" });

  const { code, stdout, stderr } = await run([
    "invite",
    "create",
    "--json",
    "--only-for",
    "Harbor.example",
    "--uses",
    "any",
    "--never",
  ]);

  assert.deepEqual([code, stderr], [0, ""]);
  const { url, domain, max_uses, expires_at, state } = JSON.parse(stdout);
  assert.match(url, /^https:\/\/labels\.example\.com\/team\/user\/signup\/\?token=[\w-]{43}$/);
  assert.deepEqual([domain, max_uses, expires_at, state], ["harbor.example", null, null, "active"]);
});

test("invite list and revoke: what there is, with who joined, and the end of one", async (t) => {
  const { run, repositories } = await shellWithAda(t);
  await run(["invite", "create", "--note", "spring\u001b[2J", "--uses", "2"]);
  await run(["invite", "create", "--only-for", "eve@example.com"]);
  const ben = await repositories.users.create({ email: "ben@example.com", invitation_id: 1 });

  const lines = (await run(["invite", "list"])).stdout.trimEnd().split("\n");
  assert.equal(lines.length, 3);
  assert.match(lines[1] ?? "", /^1\s+active\s+"spring\\u001b\[2J".*1 of 2/);
  assert.match(lines[2] ?? "", /^2\s+active.*eve@example\.com.*0 of 1/);
  const revoked = await run(["invite", "revoke", "1"]);
  assert.deepEqual([revoked.code, revoked.stdout], [0, "Invitation 1 revoked. Those who joined by it stay: 1.\n"]);
  const listed = JSON.parse((await run(["invite", "list", "--json"])).stdout);
  assert.deepEqual(
    listed.map(({ state, joined }: { state: string; joined: number[] }) => [state, joined]),
    [
      ["revoked", [ben.id]],
      ["active", []],
    ],
  );
});

const refusals: [args: string[], says: RegExp][] = [
  [["create", "--uses", "0"], /^--uses can't be used: Choose 1 to 100,000 people, or any\.$/m],
  [["create", "--days", "soon"], /^--days can't be used: Choose 1 to 3650 days, or never\.$/m],
  [["create", "--only-for", "nobody"], /^--only-for can't be used: Enter an email like/m],
  [["create", "--note", "n".repeat(201)], /^--note can't be used: Use at most 200 characters\.$/m],
  [["revoke", "9"], /^No invitation has the id 9\./m],
  [["revoke", "x"], /^No invitation has the id x\./m],
];

for (const [args, says] of refusals) {
  test(`invite ${args.join(" ").slice(0, 40)}: is refused on standard error, and nothing is made`, async (t) => {
    const { run, repositories } = await shellWithAda(t);

    const { code, stdout, stderr } = await run(["invite", ...args]);

    assert.deepEqual([code, stdout], [1, ""]);
    assert.match(stderr, says);
    assert.equal(await repositories.invitations.count(), 0);
  });
}

test("invite: one that was revoked is not revoked again, and before there is an organization none is made", async (t) => {
  const { run } = await shellWithAda(t);
  await run(["invite", "create"]);
  await run(["invite", "revoke", "1"]);

  const again = await run(["invite", "revoke", "1"]);
  assert.deepEqual([again.code, again.stderr], [1, "Invitation 1 was revoked before.\n"]);

  const empty = openShellInProcess(t);
  await empty.openRepositories();
  const { code, stderr } = await empty.run(["invite", "create"]);
  assert.equal(code, 1);
  assert.match(stderr, /^There is no organization yet to invite to\./);
});
