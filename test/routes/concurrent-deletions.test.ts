import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { test } from "node:test";

import { openDatabase } from "../../src/database/open.ts";
import { createRepositories } from "../../src/repositories/index.ts";
import { password, share, startApp } from "../support/app.ts";
import { assertCountersMatch } from "../support/counters.ts";
import { locationWithSchema } from "../support/database.ts";
import type { TestHooks } from "../support/test-hooks.ts";
import { jpeg } from "../support/images.ts";
import { beforeStatement } from "../support/interleave.ts";
import { send } from "../support/labeling.ts";
import { read } from "../support/pages.ts";
import { addProject, addTasks, sentiment } from "../support/projects.ts";

/** A server, and another one on the same database. */
async function startServers(t: TestHooks) {
  const place = await locationWithSchema(t);
  const [one, two] = [openDatabase(place), openDatabase(place)];
  t.after(async () => {
    await one.destroy();
    await two.destroy();
  });
  const app = await startApp(t, {}, one);
  const owner = await app.repositories.users.create({ email: "owner@example.com", legacy_api_tokens_enabled: true });
  return { ...app, one, other: createRepositories(two, app.config), owner };
}

const servers = share(startServers);

/** Somebody who labels in a new project of the owner's: no test touches what another one is about. */
async function start() {
  const app = await servers();
  const { owner } = app;
  const alreadyLogged = app.logged.length;
  const { browser, user: ann } = await app.signedIn();
  const token = (await app.repositories.legacyTokens.findByUser(ann.id))?.token;
  const api = (method: "get" | "post" | "put" | "patch", path: string, body?: object) => {
    const asked = app.request()[method](path).set("Authorization", `Token ${token}`);
    return body ? asked.send(body) : asked;
  };
  const page = (path: string, body: Record<string, string> = {}) => browser.post(path).type("form").send(body);
  const project = await addProject(app, owner, { show_collab_predictions: true, maximum_annotations: 2 });
  const [task, next] = await addTasks(app, project, ["one", "two"]);
  assert.ok(task && next);
  const prediction = await app.repositories.predictions.create(task.id, { result: sentiment("Positive") });
  const annotation = await app.repositories.annotations.create(next.id, owner.id, { result: sentiment("Neutral") });
  assert.ok(prediction && annotation);
  const errors = () => app.logged.slice(alreadyLogged).filter((line) => line.includes('"level":"error"'));
  return { ...app, errors, ann, browser, api, page, project, task, next, prediction, annotation };
}

type World = Awaited<ReturnType<typeof start>>;

interface Case {
  name: string;
  /** What may be deleted: it is answered with 404 or `status`, and whoever is deleted is not signed in any more. */
  refersTo: ("ann" | "project" | "task")[];
  status?: number;
  /** The first statement of what is written: right before it something is deleted. */
  before: RegExp;
  ask: (world: World) => PromiseLike<{ status: number; headers: Record<string, string> }>;
}

const answer = { result: JSON.parse(sentiment("Positive")) as unknown };
const firstOfAnnotation = /for key share|from .tasks. .*for no key update/;
/** PostgreSQL locks whoever renews a token; SQLite has no such lock, and nothing comes between the statements of a transaction. */
const locksUser = /from .users. .*for no key update/;
const choice = { "answer.sentiment": "Positive" };

const writes: Case[] = [
  {
    name: "an annotation by the API",
    before: firstOfAnnotation,
    refersTo: ["ann", "project", "task"],
    ask: ({ api, task }) => api("post", `/api/tasks/${task.id}/annotations/`, answer),
  },
  {
    name: "a change of an annotation by the API",
    before: firstOfAnnotation,
    refersTo: ["ann"],
    ask: ({ api, annotation }) => api("patch", `/api/annotations/${annotation.id}/`, answer),
  },
  {
    name: "a draft by the API",
    before: /^insert into .drafts./,
    refersTo: ["ann", "project", "task"],
    ask: ({ api, task }) => api("post", `/api/tasks/${task.id}/drafts`, answer),
  },
  {
    name: "a prediction",
    before: /from .tasks. .*for no key update|pg_advisory/,
    refersTo: ["project", "task"],
    // What a body names, and is not there.
    status: 400,
    ask: ({ api, task }) => api("post", "/api/predictions/", { task: task.id, result: answer.result }),
  },
  {
    name: "a task",
    before: /^update .projects. set .last_inner_id./,
    refersTo: ["project"],
    ask: ({ api, project }) => api("post", "/api/tasks/", { project: project.id, data: { text: "three" } }),
  },
  {
    name: "a project by the API",
    before: /^insert into .projects./,
    refersTo: ["ann"],
    ask: ({ api }) => api("post", "/api/projects/", { title: "Another" }),
  },
  {
    name: "a snapshot",
    before: /^insert into .exports./,
    refersTo: ["ann", "project"],
    ask: ({ api, project }) => api("post", `/api/projects/${project.id}/exports/`, { title: "Before" }),
  },
  {
    name: "a file of a snapshot in another format",
    before: /^update .exports. set .status. = .status./,
    refersTo: ["project"],
    async ask({ api, other: repositories, project, ann }) {
      const wanted = { project_id: project.id, created_by_id: ann.id, title: "", options: {} };
      const { id } = await repositories.exports.create(wanted);
      const held = await repositories.leases.acquire({ kind: "exports", id }, "");
      assert.ok(held);
      const file = await repositories.storedFiles.write(Readable.from(["[]"]));
      await repositories.exports.complete(held, file, 0);
      return api("post", `/api/projects/${project.id}/exports/${id}/convert`, { export_type: "CSV" });
    },
  },
  {
    name: "an import by the API",
    before: /^insert into .idempotency_records./,
    refersTo: ["ann", "project"],
    ask: ({ api, project }) => api("post", `/api/projects/${project.id}/import`, [{ text: "three" }]),
  },
  {
    name: "an import by the API that has begun",
    before: /^update .imports./,
    refersTo: ["project"],
    ask: ({ api, project }) => api("post", `/api/projects/${project.id}/import`, [{ text: "three" }]),
  },
  {
    name: "an export by the API",
    before: /^select max\(.id.\) as .id. from .tasks./,
    refersTo: ["project"],
    ask: ({ api, project }) => api("get", `/api/projects/${project.id}/export?exportType=CSV&download_all_tasks=true`),
  },
  {
    name: "predictions made annotations",
    before: firstOfAnnotation,
    refersTo: ["ann"],
    ask: ({ api, project }) =>
      api("post", `/api/dm/actions/?id=predictions_to_annotations&project=${project.id}`, {
        selectedItems: { all: true, excluded: [] },
      }),
  },
  {
    name: "a personal token by the API",
    before: /from .users. .*for no key update/,
    refersTo: ["ann"],
    ask: ({ api }) => api("post", "/api/token/"),
  },
  {
    name: "a legacy token by the API",
    before: locksUser,
    refersTo: ["ann"],
    ask: ({ api }) => api("post", "/api/current-user/reset-token/"),
  },
  {
    name: "an image by the API",
    before: /^update .users. set .avatar./,
    refersTo: ["ann"],
    ask: ({ request, repositories, ann }) => upload({ request, repositories, ann }),
  },
  {
    name: "an image by its page",
    before: /^update .users. set .avatar./,
    refersTo: ["ann"],
    ask: async ({ browser }) =>
      browser
        .post("/user/account/")
        .field("first_name", "Ann")
        .attach("avatar", await jpeg(), "face.jpg"),
  },
  {
    name: "an annotation by its page",
    before: firstOfAnnotation,
    refersTo: ["ann"],
    ask: ({ page, project, task }) => page(`/projects/${project.id}/tasks/${task.id}/label`, choice),
  },
  {
    name: "a draft by its page",
    before: /^insert into .drafts./,
    refersTo: ["ann", "project", "task"],
    ask: ({ page, project, task }) => page(`/projects/${project.id}/tasks/${task.id}/draft`, choice),
  },
  {
    name: "a turn at a task",
    before: /^insert into task_locks/,
    refersTo: ["ann"],
    ask: ({ browser, project, task }) => browser.get(`/projects/${project.id}/tasks/${task.id}/label`),
  },
  {
    name: "a turn at the next task",
    before: /^insert into task_locks/,
    refersTo: ["ann"],
    ask: ({ browser, project }) => browser.get(`/projects/${project.id}/label`),
  },
  {
    name: "a project by its page",
    before: /^insert into .projects./,
    refersTo: ["ann"],
    ask: ({ page }) => page("/projects/", { title: "Another", template: "sentiment" }),
  },
  {
    name: "an import by its page",
    before: /^insert into .imports./,
    refersTo: ["ann", "project"],
    ask: ({ browser, project }) =>
      browser.post(`/projects/${project.id}/import`).field("text", "three").field("format", "txt"),
  },
  {
    name: "a personal token by its page",
    before: /^insert into .personal_tokens./,
    refersTo: ["ann"],
    ask: ({ page }) => page("/user/account/personal-access-token", { name: "script", days: "30" }),
  },
  {
    name: "a legacy token by its page",
    before: locksUser,
    refersTo: ["ann"],
    ask: ({ page }) => page("/user/account/legacy-token"),
  },
];

async function upload({ request, repositories, ann }: Pick<World, "request" | "repositories" | "ann">) {
  const token = (await repositories.legacyTokens.findByUser(ann.id))?.token;
  return request()
    .post(`/api/users/${ann.id}/avatar`)
    .set("Authorization", `Token ${token}`)
    .attach("avatar", await jpeg(), "face.jpg");
}

async function remove({ other, ann, project, task }: World, what: "ann" | "project" | "task"): Promise<void> {
  if (what === "ann") await other.users.delete(ann.id);
  else if (what === "project") await other.projects.delete(project.id);
  else await other.tasks.delete(task.id);
}

for (const { name, before, refersTo, status: expected = 404, ask } of writes) {
  for (const what of refersTo) {
    test(`concurrent deletions: ${name}, when ${what === "ann" ? "who asks" : `its ${what}`} is deleted at the same moment`, async () => {
      const world = await start();
      const hasHappened = beforeStatement(world.one, before, () => remove(world, what));
      const { status, headers } = await ask(world);

      assert.ok(hasHappened());
      if (what !== "ann") assert.equal(status, expected);
      else if (headers["content-type"]?.includes("json")) assert.equal(status, 401);
      else assert.deepEqual([Math.floor(status / 100), headers.location?.split("?")[0]], [3, "/user/login/"]);
      assert.deepEqual(world.errors(), []);
      await assertCountersMatch(world.other);
    });
  }
}

test("concurrent deletions: who is deleted while their password is checked is not signed in", async () => {
  const { one, ann, visitor, other, errors } = await start();
  const browser = visitor();
  const hasHappened = beforeStatement(one, /^insert into .sessions./, () => other.users.delete(ann.id));
  await browser.post("/user/login/").type("form").send({ email: ann.email, password }).expect(303);

  assert.ok(hasHappened());
  const { headers } = await browser.get("/projects/").expect(302);
  assert.equal(headers.location, "/user/login/?next=/projects/");
  assert.deepEqual(errors(), []);
});

test("concurrent deletions: a task that is deleted when it is to be somebody's turn is passed over", async () => {
  const { one, other, browser, project, task, next } = await start();
  const hasHappened = beforeStatement(one, /^insert into task_locks/, () => other.tasks.delete(task.id));
  const { text } = await browser.get(`/projects/${project.id}/label`).expect(200);

  assert.ok(hasHappened());
  assert.ok(text.includes(`/projects/${project.id}/tasks/${next.id}/label`));
});

test("concurrent deletions: an annotation outlives the prediction that it is made from", async () => {
  const { one, other, browser, project, task, prediction, repositories } = await start();
  const page = read(await browser.get(`/projects/${project.id}/tasks/${task.id}/label`).expect(200));
  const hasHappened = beforeStatement(one, firstOfAnnotation, () => other.predictions.delete(prediction.id));
  await send(browser, page).then(({ status }) => assert.equal(status, 303));

  assert.ok(hasHappened());
  const made = (await repositories.annotations.listByTasks([task.id]))[0];
  assert.equal(made?.parent_prediction_id, null);
  assert.match(made.result, /Positive/);
});

test("concurrent deletions: who sent an import that is about to add its tasks, and who annotated in it", async () => {
  const { one, other, api, ann, project, repositories } = await start();
  const item = { data: { text: "three" }, annotations: [{ result: [], completed_by: ann.id }] };
  const hasHappened = beforeStatement(
    one,
    /for key share|^update .imports. set .*.fields./,
    () => other.users.delete(ann.id),
    /^select .* from .stored_file_chunks./,
  );
  const sent = Buffer.from(JSON.stringify([item, item]));
  const { status } = await api("post", `/api/projects/${project.id}/import`).attach("file", sent, "new.json");

  assert.ok(hasHappened());
  assert.equal(status, 201);
  const imported = await repositories.tasks.list(project.id, { offset: 2, limit: 10 });
  const annotations = await repositories.annotations.listByTasks(imported.map(({ id }) => id));
  assert.deepEqual(
    annotations.map(({ completed_by_id }) => completed_by_id),
    [null, null],
  );
  const [upload, ...others] = await one("file_uploads").where({ project_id: project.id }).select("file", "user_id");
  assert.deepEqual([upload.user_id, others], [null, []]);
  assert.match(upload.file, /^[0-9a-f]{8}-new\.json$/);
  await assertCountersMatch(other);
});
