import assert from "node:assert/strict";
import { test } from "node:test";
import type { TestContext } from "node:test";

import { startApi } from "../support/api.ts";
import { addAnswer, addProject, addTasks } from "../support/projects.ts";

const list = "/api/organizations/1/memberships";
const wish = "contributed_to_projects=true";

/** The owner created two projects; Ann labeled twice in the first, and skipped in the second. */
async function start(t: TestContext) {
  const app = await startApi(t);
  const ann = await app.member("ann@example.com");
  const first = await addProject(app, app.owner.user, { title: "Film reviews" });
  const second = await addProject(app, app.owner.user, { title: null });
  for (const task of await addTasks(app, first, ["one", "two"])) await addAnswer(app, task, ann.user, "Positive");
  const [task] = await addTasks(app, second, ["three"]);
  await app.repositories.annotations.create(task?.id ?? 0, ann.user.id, { was_cancelled: true });
  const reviews = { id: first.id, title: "Film reviews" };
  return { ...app, ann, reviews, untitled: { id: second.id, title: null } };
}

test("api members: contributed_to_projects gives each member's projects, also within their user", async (t) => {
  const { owner, reviews, untitled } = await start(t);

  const { results } = (await owner.script("get", `${list}?${wish}`).expect(200)).body;

  const [ann, first] = results;
  for (const each of [ann, ann.user]) {
    assert.deepEqual(each.created_projects, []);
    assert.deepEqual(each.contributed_to_projects, [reviews]);
  }
  for (const each of [first, first.user]) {
    assert.deepEqual(each.created_projects, [reviews, untitled]);
    assert.deepEqual(each.contributed_to_projects, []);
  }
});

test("api members: a member's numbers come with or without the lists", async (t) => {
  const { owner, ann, reviews } = await start(t);
  const address = `${list}/${ann.user.id}/`;

  const plain = (await owner.script("get", address).expect(200)).body;
  const wished = (await owner.script("get", `${address}?${wish}`).expect(200)).body;

  assert.deepEqual([plain.contributed_projects_count, plain.annotations_count], [1, 2]);
  assert.deepEqual([plain.created_projects, plain.contributed_to_projects], [null, null]);
  assert.deepEqual([wished.contributed_projects_count, wished.annotations_count], [1, 2]);
  assert.deepEqual([wished.created_projects, wished.contributed_to_projects], [[], [reviews]]);
});

test("api members: what a member did stays with them when they are removed", async (t) => {
  const { owner, ann, reviews, repositories } = await start(t);
  await repositories.accountStatus.remove(ann.user.id);

  const { results } = (await owner.script("get", `${list}?${wish}`).expect(200)).body;

  assert.deepEqual(results[0].contributed_to_projects, [reviews]);
});

test("api members: the projects of all members of a page cost one query", async (t) => {
  const { owner, member, database } = await start(t);
  const queriesOf = async (address: string) => {
    let queries = 0;
    const count = () => queries++;
    database.on("query", count);
    await owner.script("get", address).expect(200);
    database.off("query", count);
    return queries;
  };
  const before = await queriesOf(`${list}?${wish}`);
  const withoutProjects = await queriesOf(list);
  for (let created = 0; created < 5; created++) await member();

  assert.equal(await queriesOf(`${list}?${wish}`), before);
  assert.equal(before, withoutProjects + 1);
});

test("api members: at most 100 projects are listed for each", async (t) => {
  const { owner, database } = await start(t);
  const { id: _, ...row } = await database("projects").first();
  await database.batchInsert(
    "projects",
    Array.from({ length: 120 }, () => row),
    20,
  );

  const { body } = await owner.script("get", `${list}/${owner.user.id}/?${wish}`).expect(200);

  assert.equal(body.created_projects.length, 100);
});
