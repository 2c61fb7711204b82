import assert from "node:assert/strict";
import { test } from "node:test";

import { compiledQuery } from "../../src/database/compiled-query.ts";
import { openTestDatabase } from "../support/database.ts";

interface Secret {
  name: string;
}

const range = compiledQuery<[from: string, to: string], Secret[]>((database, from, to) =>
  database("legacy_tokens")
    .where("digest", ">=", from)
    .where("digest", "<=", to)
    .orderBy("digest")
    .select("digest as name"),
);

test("compiled query: is compiled once, and answers for its values each time", async (t) => {
  const database = await openTestDatabase(t);
  let built = 0;
  const first = compiledQuery<[digest: string], { digest: string } | undefined>((connection, digest) => {
    built++;
    return connection("sessions").where({ digest }).where("data", "<>", "never").first("digest");
  });
  const session = { data: "{}", user_agent: "", created_at: "", last_seen_at: "", expires_at: "" };
  await database("sessions").insert([
    { ...session, digest: "one" },
    { ...session, digest: "two" },
  ]);

  const answers = await Promise.all(["one", "two", "three", "one"].map((digest) => first(database, digest)));

  assert.deepEqual(
    answers.map((row) => row?.digest),
    ["one", "two", undefined, "one"],
  );
  assert.equal(built, 1);
});

test("compiled query: reads what its transaction has written, and others don't", async (t) => {
  const database = await openTestDatabase(t);
  const find = compiledQuery<[digest: string], { digest: string } | undefined>((connection, digest) =>
    connection("sessions").where({ digest }).first("digest"),
  );

  await database
    .transaction(async (transaction) => {
      const times = { created_at: "", last_seen_at: "", expires_at: "" };
      await transaction("sessions").insert({ digest: "new", data: "{}", user_agent: "", ...times });
      assert.equal((await find(transaction, "new"))?.digest, "new");
      await transaction.rollback(new Error("not kept")).catch(() => undefined);
    })
    .catch(() => undefined);

  assert.equal(await find(database, "new"), undefined);
});

test("compiled query: lists come as lists", async (t) => {
  const database = await openTestDatabase(t);

  assert.deepEqual(await range(database, "a", "b"), []);
});

test("compiled query: one that decides by a value is refused", async (t) => {
  const database = await openTestDatabase(t);
  const query = compiledQuery<[isDescending: boolean], object[]>((connection, isDescending) =>
    connection("users")
      .orderBy("id", isDescending ? "desc" : "asc")
      .select("id"),
  );

  await assert.rejects(query(database, true), /Value 0 is in no binding/);
});
