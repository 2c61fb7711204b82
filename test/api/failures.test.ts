import assert from "node:assert/strict";
import { test } from "node:test";

import type { Knex } from "knex";

import { startApi } from "../support/api.ts";
import { breakChanges } from "../support/broken.ts";
import { addMembers } from "../support/many-people.ts";
import { assertRefused } from "../support/refusals.ts";

const ours = { status: 500, detail: /^Something broke on our side\./ };

/** What no answer may reveal: SQL, code, files. */
const inner =
  /sqlite|select |insert |update |constraint|no such|raise|\bat .*:\d+|node_modules|\.ts\b|\.js\b|\/work|\/tmp|stack/i;

interface Failure {
  what: string;
  breaks: (database: Knex) => PromiseLike<unknown>;
  method: "get" | "post" | "patch" | "delete";
  path: string;
  body?: object;
  encoding?: string;
}

const failures: Failure[] = [
  {
    what: "an encrypted token can't be opened",
    breaks: (database) => database("legacy_tokens").update({ token_encrypted: "broken" }),
    method: "get",
    path: "/api/current-user/token",
  },
  {
    what: "a table is missing",
    breaks: (database) => database.schema.dropTable("personal_tokens"),
    method: "get",
    path: "/api/token/",
  },
  {
    what: "hotkeys are no JSON",
    breaks: (database) => database("users").where({ id: 2 }).update({ custom_hotkeys: "{broken" }),
    method: "get",
    path: "/api/users/2/",
  },
  {
    what: "nobody can be inserted",
    breaks: (database) => breakChanges(database, "insert", "users"),
    method: "post",
    path: "/api/users/",
    body: { username: "x", email: "x@example.com" },
  },
  {
    what: "nothing can be updated",
    breaks: (database) => breakChanges(database, "update", "users"),
    method: "patch",
    path: "/api/users/2/",
    body: { first_name: "Ann" },
  },
  {
    what: "nothing can be deleted",
    breaks: (database) => breakChanges(database, "delete", "users"),
    method: "delete",
    path: "/api/users/2/",
  },
  {
    what: "the database is gone",
    breaks: (database) => database.destroy(),
    method: "get",
    path: "/api/current-user/whoami",
  },
  ...["identity", "gzip"].map((encoding): Failure => ({
    what: "one of many users can't be shown",
    breaks: (database) => database("users").where({ id: 2 }).update({ custom_hotkeys: "{broken" }),
    method: "get",
    path: "/api/users/",
    encoding,
  })),
];

for (const { what, breaks, method, path, body, encoding = "" } of failures) {
  const call = `${method.toUpperCase()} ${path} ${encoding}`.trim();

  test(`api failures: when ${what}, ${call} says that it is our fault, and no more (Z4)`, async (t) => {
    const { owner, member, database, logged } = await startApi(t);
    await member();
    await breaks(database);

    const answer = await owner.script(method, path, body).set("Accept-Encoding", encoding).timeout(10_000);

    assertRefused(answer, ours);
    assert.doesNotMatch(answer.text, inner);
    assert.match(logged.join(""), /"level":"error".*"stack":/, "the log says all");
  });
}

test("api failures: a list that fails after its first piece ends, and not as if it were whole (Z4)", async (t) => {
  const { owner, database } = await startApi(t);
  await addMembers(database, 501);
  await database("users").where({ id: 502 }).update({ custom_hotkeys: "{broken" });

  for (const encoding of ["identity", "gzip"]) {
    const request = owner.script("get", "/api/users/").set("Accept-Encoding", encoding).timeout(10_000);
    const outcome = await request.then(
      ({ status }) => String(status),
      (error: Error) => error.message,
    );
    assert.notEqual(outcome, "200", encoding);
    assert.doesNotMatch(outcome, /^Timeout/, encoding);
  }
});

test("api failures: nothing of a failed request is stored", async (t) => {
  const { owner, database } = await startApi(t);
  await breakChanges(database, "insert", "legacy_tokens");
  const before = await database("users").orderBy("id");

  const answer = await owner.script("post", "/api/users/", { username: "x", email: "x@example.com" });

  assertRefused(answer, ours);
  assert.deepEqual(await database("users").orderBy("id"), before);
  assert.equal((await database("organizations").first()).member_count, 1);
});
