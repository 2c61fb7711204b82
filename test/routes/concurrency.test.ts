import assert from "node:assert/strict";
import { test } from "node:test";

import { password, startApp } from "../support/app.ts";
import { lengthenWaits } from "../support/attempts.ts";
import { sessionHeader } from "../support/cookies.ts";
import { logIn, signUp } from "../support/forms.ts";
import { addInvitation } from "../support/invitations.ts";
import { send, startLabeling } from "../support/labeling.ts";
import { read } from "../support/pages.ts";

const ada = { email: "ada@example.com", password };

const tags =
  '<Text name="t" value="$text"/><Choices name="c" toName="t"><Choice value="A"/><Choice value="B"/></Choices>';

const texts = (count: number) => Array.from({ length: count }, (_, index) => ({ text: `Text ${index + 1}` }));

test("labeling: people who ask at the same moment all get different tasks", async (t) => {
  const app = await startApp(t);
  const { project } = await startLabeling(app, tags, texts(12));
  const people = await Promise.all(Array.from({ length: 12 }, () => app.signedIn()));

  const answers = await Promise.all(people.map(({ browser }) => browser.get(`/projects/${project.id}/label`)));

  const shown = answers.map((answer) => read(answer)(".object").text());
  assert.equal(new Set(shown).size, 12);
  const late = await app.signedIn();
  const page = read(await late.browser.get(`/projects/${project.id}/label`).expect(200));
  assert.match(page("h2").text(), /Nothing left for you right now/);
});

test("labeling: six people label thirty tasks, each task once, and all of it is counted", async (t) => {
  const app = await startApp(t);
  const { project, tasks } = await startLabeling(app, tags, texts(30));
  const people = await Promise.all(Array.from({ length: 6 }, () => app.signedIn()));

  await Promise.all(
    people.map(async ({ browser }) => {
      for (let turn = 0; turn <= tasks.length; turn++) {
        const page = read(await browser.get(`/projects/${project.id}/label`).expect(200));
        if (!page("[data-labels]").length) return;
        assert.equal((await send(browser, page, { c: "A" })).status, 303);
      }
      assert.fail("There is no end of tasks.");
    }),
  );

  const made = await app.repositories.annotations.listByTasks(tasks.map(({ id }) => id));
  assert.equal(made.length, 30);
  assert.equal(new Set(made.map(({ task_id }) => task_id)).size, 30);
  const kept = await app.repositories.projects.find(project.id);
  assert.deepEqual([kept?.total_annotations_number, kept?.finished_task_number], [30, 30]);
  const [{ sum } = { sum: 0 }] = await app.database("contributions").sum({ sum: "annotations" });
  assert.equal(sum, 30);
  assert.deepEqual(await app.database("task_locks"), []);
});

test("labeling: the same form sent twice is kept once", async (t) => {
  const app = await startApp(t);
  const { project, tasks, browser } = await startLabeling(app, tags);
  const page = read(await browser.get(`/projects/${project.id}/label`));

  const answers = await Promise.all([1, 2, 3].map(() => send(browser, page, { c: "A" })));

  assert.deepEqual(
    answers.map(({ status }) => status),
    [303, 303, 303],
  );
  assert.equal((await app.repositories.annotations.listByTasks([tasks[0]?.id ?? 0])).length, 1);
  assert.equal((await app.repositories.projects.find(project.id))?.total_annotations_number, 1);
});

test("log-out: a session that was ended stays ended while another request of it is under way (S4)", async (t) => {
  const { repositories, visitor } = await startApp(t);
  await repositories.users.create(ada);
  const cookie = sessionHeader(await logIn(visitor(), ada));

  await Promise.all([
    visitor().post("/user/account/").set("Cookie", cookie).type("form").send({ first_name: "Ada" }),
    visitor().post("/logout").set("Cookie", cookie),
    visitor().post("/user/account/").set("Cookie", cookie).type("form").send({ first_name: "Ada" }),
  ]);

  await visitor().get("/people/").set("Cookie", cookie).expect(302);
});

test("sign-up: two at the same moment with one email make one account", async (t) => {
  const { visitor, database } = await startApp(t);
  const send = () => visitor().post("/user/signup/").type("form").send(ada);

  const answers = await Promise.all([send(), send()]);

  assert.deepEqual(
    answers.map((each) => each.status).sort((a, b) => a - b),
    [303, 422],
  );
  assert.equal((await database("users")).length, 1);
  assert.equal((await database("organization_members")).length, 1);
});

test("sign-up: two first ones at the same moment make one organization with one owner", async (t) => {
  const { visitor, database } = await startApp(t);
  const send = (email: string) => visitor().post("/user/signup/").type("form").send({ email, password }).expect(303);

  await Promise.all([send("ada@example.com"), send("ben@example.com")]);

  assert.equal((await database("organizations")).length, 1);
  assert.equal((await database("organizations").first()).member_count, 2);
  assert.equal((await database("organization_members")).length, 2);
});

test("log-in: guesses sent all at once count one by one (L2)", async (t) => {
  const app = await startApp(t);
  await app.repositories.users.create(ada);
  const guess = { ...ada, password: "wrong password" };

  const answers = await Promise.all(Array.from({ length: 5 }, () => logIn(app.visitor(), guess)));
  await lengthenWaits(app);

  for (const { status } of answers) assert.equal(status, 422);
  await logIn(app.visitor(), ada).expect(429);
});

test("personal access token: a form that is sent twice at the same moment makes one, and shows it twice", async (t) => {
  const { signedIn, repositories } = await startApp(t);
  const page = "/user/account/personal-access-token";
  const { browser, user } = await signedIn();
  const form_key = String(read(await browser.get(page))("[name=form_key]").val());
  const send = () => browser.post(page).type("form").send({ name: "export", form_key });

  const answers = await Promise.all([send(), send(), send()]);

  const shown = answers.map((answer) => read(answer)("#whole_token").val());
  assert.equal((await repositories.personalTokens.list(user.id)).length, 1);
  assert.match(String(shown[0]), /^eyJ[\w-]+\.[\w-]+\.[\w-]+$/);
  assert.deepEqual(new Set(shown).size, 1);
});

test("sign-up: of two who send the form at the same moment for the last use of an invitation, one gets in (R7)", async (t) => {
  const app = await startApp(t, { disable_signup_without_link: true });
  await app.repositories.users.create({ email: "ada@example.com" });
  const { address } = await addInvitation(app, { max_uses: 1 });

  const answers = await Promise.all(
    ["ben", "cleo"].map((name) => signUp(app.visitor(), { email: `${name}@example.com`, password }, address)),
  );

  assert.equal(answers.filter(({ status }) => status === 303).length, 1);
  const refused = answers.find(({ status }) => status === 403);
  assert.ok(refused);
  assert.equal(read(refused)("h1").text(), "This link is used up");
  assert.equal((await app.database("users")).length, 2);
  assert.equal((await app.database("invitations").first()).uses, 1);
});
