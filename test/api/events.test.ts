import assert from "node:assert/strict";
import { test } from "node:test";

import { daysFromNow } from "../../src/common/timestamps.ts";
import { startApi } from "../support/api.ts";

test("events: the owner reads them newest first, a page at a time, by kind, person and time", async (t) => {
  const { owner, member, repositories, config: _ } = await startApi(t);
  const ben = await member("ben@example.com");
  for (let count = 0; count < 3; count++)
    await repositories.events.add({
      name: "authn_login_success",
      actor_id: ben.user.id,
      subject_id: ben.user.id,
      ip: "192.0.2.1",
      user_agent: "curl/8",
      details: { count },
    });
  await repositories.events.add({ name: "member_removed", actor_id: owner.user.id, subject_id: ben.user.id });

  const first = await owner.script("get", "/api/events/?page_size=3").expect(200);
  const rest = await owner.script("get", first.body.next.replace(/^https?:\/\/[^/]+/, "")).expect(200);
  const logins = await owner.script("get", `/api/events/?group=login&user=${ben.user.id}`).expect(200);
  const none = await owner.script("get", `/api/events/?since=${daysFromNow(1)}`).expect(200);

  assert.deepEqual(
    [...first.body.results, ...rest.body.results].map(({ event, user, by }) => [event, user, by]),
    [
      ["member_removed", ben.user.id, owner.user.id],
      ...Array(3).fill(["authn_login_success", ben.user.id, ben.user.id]),
    ],
  );
  assert.equal(rest.body.next, null);
  assert.deepEqual(
    { ...logins.body.results[0], id: 0, created_at: "" },
    {
      id: 0,
      created_at: "",
      event: "authn_login_success",
      user: ben.user.id,
      by: ben.user.id,
      ip: "192.0.2.1",
      user_agent: "curl/8",
      details: { count: 2 },
    },
  );
  assert.deepEqual(none.body, { next: null, results: [] });
});

test("events: members may not read them, and what can't be read as a time or kind is refused", async (t) => {
  const { owner, member } = await startApi(t);

  await (await member()).script("get", "/api/events/").expect(403);
  await owner.script("get", "/api/events/?since=yesterday").expect(400);
  await owner.script("get", "/api/events/?group=all").expect(400);
});
