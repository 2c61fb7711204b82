import assert from "node:assert/strict";
import { test } from "node:test";

import { openShell } from "../support/command.ts";
import { addPersonWithProject } from "../support/imports.ts";
import { waitUntil } from "../support/wait-until.ts";

test("stop: while four scripts import without a pause it ends in time, and what was answered is there", async (t) => {
  const { serve, openRepositories, openDatabase } = openShell(t);
  const repositories = await openRepositories();
  const { token, project } = await addPersonWithProject(repositories, "ada@example.com");
  const server = await serve(["start", "--no-browser", "--port", "0"]);
  const answered: string[] = [];
  const isStopped = new AbortController();
  void server.ended.then(() => isStopped.abort());
  const importWithoutPause = async (script: number) => {
    for (let round = 0; !isStopped.signal.aborted; round++) {
      const name = `${script}-${round}`;
      const body = JSON.stringify(Array.from({ length: 2_000 }, (_, number) => ({ text: name, number })));
      const headers = { Authorization: `Token ${token}`, "Content-Type": "application/json" };
      const url = new URL(`api/projects/${project.id}/import`, server.url);
      const answer = await fetch(url, { method: "POST", headers, body }).catch(() => undefined);
      if (answer?.status === 201) answered.push(name);
    }
  };

  const scripts = [1, 2, 3, 4].map((script) => importWithoutPause(script));
  await waitUntil("every script has imported something", () =>
    [1, 2, 3, 4].every((script) => answered.includes(`${script}-0`)),
  );
  const stoppedAt = performance.now();
  const { code, stderr } = await server.stop();

  assert.equal(code, 0);
  assert.ok(performance.now() - stoppedAt < 15_000);
  assert.doesNotMatch(stderr, /acquir/i);
  await Promise.all(scripts);
  const counts = new Map<string, number>();
  const database = await openDatabase();
  for (const { data } of await database("tasks").select("data")) {
    const { text: name } = JSON.parse(data) as { text: string };
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  assert.deepEqual([...new Set(answered.map((name) => counts.get(name)))], [2_000]);
});
