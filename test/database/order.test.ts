import assert from "node:assert/strict";
import { test } from "node:test";

import { openTestDatabase } from "../support/database.ts";
import { tableNames } from "../support/tables.ts";

test("database: texts sort and compare by their code points, whatever the database's language", async (t) => {
  const database = await openTestDatabase(t);
  const person = { username: "", date_joined: "", last_activity: "", sort_name: "" };
  const emails = ["é", "a", "B", "_", "z", "\u{10ffff}", "~"];
  for (const email of emails) await database("users").insert({ ...person, email });

  assert.deepEqual(await database("users").orderBy("email").pluck("email"), [
    "B",
    "_",
    "a",
    "z",
    "~",
    "é",
    "\u{10ffff}",
  ]);
  assert.deepEqual(await database("users").where("email", ">", "z").orderBy("email").pluck("email"), [
    "~",
    "é",
    "\u{10ffff}",
  ]);
});

test("database: counts and sums are numbers, and large ones stay exact", async (t) => {
  const database = await openTestDatabase(t);
  const row = { project_id: 1, state: "done", files: "[]", bytes: 2 ** 40 + 1, created_at: "", updated_at: "" };
  await database("users").insert({ email: "a", username: "", date_joined: "", last_activity: "", sort_name: "" });
  await database("organizations").insert(organization);
  await database("projects").insert({
    organization_id: 1,
    label_config: "",
    created_at: "",
    updated_at: "",
    last_activity: "",
  });
  await database("imports").insert([row, row]);

  assert.deepEqual(await database("imports").count({ count: "*" }).sum({ sum: "bytes" }), [
    { count: 2, sum: 2 ** 41 + 2 },
  ]);
  assert.deepEqual(await database("imports").pluck("bytes"), [2 ** 40 + 1, 2 ** 40 + 1]);
});

test("database: every text column is compared by code points", async (t) => {
  const database = await openTestDatabase(t);
  if (database.client.config.client !== "pg") return;

  const { rows } = await database.raw(
    `select table_name, column_name from information_schema.columns
     where table_schema = current_schema() and data_type in ('text', 'character varying') and collation_name is distinct from 'C'`,
  );

  assert.deepEqual(rows, []);
  assert.ok((await tableNames(database)).length > 20);
});

const organization = {
  id: 1,
  title: "",
  created_at: "",
  updated_at: "",
  invite_digest: "",
  invite_encrypted: "",
  api_token_ttl_days: 1,
  max_session_age: 1,
  max_time_between_activity: 1,
};
