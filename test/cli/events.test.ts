import assert from "node:assert/strict";
import { test } from "node:test";

import { daysFromNow } from "../../src/common/timestamps.ts";
import { openShellInProcess } from "../support/command.ts";

test("events: a line each, oldest first, with who and where from; what people typed can't forge one (G2)", async (t) => {
  const { run, openRepositories } = openShellInProcess(t);
  const { users, events } = await openRepositories();
  const ann = await users.create({ email: "ann@example.com" });
  const ben = await users.create({ email: "ben@example.com" });
  await events.add({ name: "authn_login_success", actor_id: ann.id, subject_id: ann.id, ip: "192.0.2.1" });
  await events.add({ name: "member_removed", actor_id: ann.id, subject_id: ben.id, ip: "192.0.2.1" });
  await events.add({
    name: "authn_login_fail",
    actor_id: null,
    subject_id: null,
    ip: "192.0.2.9",
    details: { email: "x\ny" },
  });
  await events.add({ name: "authn_password_change", actor_id: null, subject_id: ben.id });

  const { code, stdout, stderr } = await run(["events"]);

  const words = stdout
    .trimEnd()
    .split("\n")
    .map((line) => line.replace(/^\S+Z {2}/, ""));
  assert.deepEqual(
    [code, stderr, words],
    [
      0,
      "",
      [
        "logged in  ann@example.com  192.0.2.1",
        "member removed  ben@example.com by ann@example.com  192.0.2.1",
        'log-in refused  192.0.2.9  {"email":"x\\ny"}',
        "password changed  ben@example.com by the command line",
      ],
    ],
  );
});

test("events --since --json: only what happened from then on, as objects; a time that can't be read is refused", async (t) => {
  const { run, openRepositories, openDatabase } = openShellInProcess(t);
  const { events } = await openRepositories();
  await events.add({ name: "authn_login_fail", actor_id: null, subject_id: null, ip: "192.0.2.9" });
  const database = await openDatabase();
  await database("events").update({ created_at: daysFromNow(-8) });
  await events.add({ name: "authn_login_lock", actor_id: null, subject_id: null, ip: "192.0.2.9" });

  const week = await run(["events", "--since", "7d", "--json"]);
  const all = await run(["events", "--since", daysFromNow(-9), "--json"]);
  const refused = await run(["events", "--since", "yesterday"]);

  assert.deepEqual(
    [week, all].map(({ stdout }) =>
      stdout
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line).event),
    ),
    [["authn_login_lock"], ["authn_login_fail", "authn_login_lock"]],
  );
  assert.deepEqual([refused.code, refused.stdout], [1, ""]);
  assert.match(refused.stderr, /--since can't be "yesterday": use a time such as/);
});
