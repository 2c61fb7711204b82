import assert from "node:assert/strict";
import { test } from "node:test";

import { minutesFromNow } from "../../src/common/timestamps.ts";
import { DeadInvitationError } from "../../src/repositories/errors.ts";
import { assertCountersMatch } from "../support/counters.ts";
import { beforeStatement, waitBriefly } from "../support/interleave.ts";
import { addInvitation } from "../support/invitations.ts";
import { openTwoPrograms } from "../support/records.ts";
import { waitFor } from "../support/wait-until.ts";

test("at once: all numbers are right when people label, skip and delete while settings change, from two servers", async (t) => {
  const [one, other] = await openTwoPrograms(t);
  const people = await one.addPeople(4);
  const [owner] = people;
  assert.ok(owner);
  const project = await one.addProject(owner);
  const tasks = await one.addTasks(project, 6);

  const labelAll = async ({ id }: { id: number }, { repositories }: typeof one) => {
    for (const task of tasks) {
      const was_cancelled = (task.id + id) % 3 === 0;
      const annotation = await repositories.annotations.create(task.id, id, { was_cancelled });
      if (annotation && (task.id + id) % 4 === 0) await repositories.annotations.delete(annotation.id);
    }
  };
  const changeSettings = async ({ repositories }: typeof one) => {
    for (const maximum_annotations of [2, 3, 1, 4])
      for (const skip_queue of ["IGNORE_SKIPPED", "REQUEUE_FOR_OTHERS"] as const)
        await repositories.projects.update(project.id, { maximum_annotations, skip_queue });
  };
  const predict = async ({ repositories }: typeof one) => {
    const rows = tasks.map(({ id }) => ({ task_id: id, result: "[]", score: null, model_version: "" }));
    for (let times = 0; times < 3; times++) await repositories.predictions.createMany(project.id, rows);
  };
  await Promise.all([
    ...people.map((person, number) => labelAll(person, number % 2 ? one : other)),
    changeSettings(one),
    predict(other),
  ]);

  assert.ok((await one.database("annotations")).length > 12);
  assert.equal((await one.repositories.projects.find(project.id))?.total_predictions_number, 18);
  await assertCountersMatch(one.repositories);
});

test("at once: of two who delete themselves and two who label, none is refused, and all numbers are right", async (t) => {
  const [one, other] = await openTwoPrograms(t);
  const [owner, ann, ben, carl, dora] = await one.addPeople(5);
  assert.ok(owner && ann && ben && carl && dora);
  const tasks = await one.addTasks(await one.addProject(owner, { maximum_annotations: 3 }), 5);
  for (const task of tasks) for (const person of [ann, ben, ann]) await one.annotate(task, person);

  await Promise.all([
    one.repositories.users.delete(ann.id),
    other.repositories.users.delete(ben.id),
    ...tasks.map((task) => one.annotate(task, carl)),
    ...tasks.map((task) => other.annotate(task, dora)),
  ]);

  assert.equal((await one.database("annotations")).length, 25);
  await assertCountersMatch(one.repositories);
});

test("at once: twenty who sign up with the same email make one person", async (t) => {
  const [one, other] = await openTwoPrograms(t);

  const results = await Promise.allSettled(
    Array.from({ length: 20 }, (_, number) =>
      (number % 2 ? one : other).repositories.users.create({
        email: number % 3 ? "ann@example.com" : "ANN@example.com",
      }),
    ),
  );

  assert.equal(results.filter(({ status }) => status === "fulfilled").length, 1);
  assert.equal((await one.repositories.organizations.first())?.member_count, 1);
  await assertCountersMatch(one.repositories);
});

test("at once: of twenty who join by an invitation with three uses three become members (R7)", async (t) => {
  const [one, other] = await openTwoPrograms(t);
  const [owner] = await one.addPeople(1);
  assert.ok(owner);
  const invitation = await addInvitation(one, { max_uses: 3, expires_at: null, created_by_id: owner.id });

  const results = await Promise.allSettled(
    Array.from({ length: 20 }, (_, number) =>
      (number % 2 ? one : other).repositories.users.create({
        email: `guest${number}@example.com`,
        invitation_id: invitation.id,
      }),
    ),
  );

  assert.equal(results.filter(({ status }) => status === "fulfilled").length, 3);
  assert.ok(results.every((each) => each.status === "fulfilled" || each.reason instanceof DeadInvitationError));
  assert.equal((await one.repositories.organizations.first())?.member_count, 4);
  assert.equal((await one.repositories.invitations.find(invitation.id))?.uses, 3);
  await assertCountersMatch(one.repositories);
});

test("at once: of those who join, who invites them and deletes the account, and who revokes, none fails otherwise", async (t) => {
  const [one, other] = await openTwoPrograms(t);
  const [, inviter] = await one.addPeople(2);
  assert.ok(inviter);
  const invitation = await addInvitation(one, { max_uses: null, expires_at: null, created_by_id: inviter.id });

  const results = await Promise.allSettled([
    ...Array.from({ length: 10 }, (_, number) =>
      (number % 2 ? one : other).repositories.users.create({
        email: `guest${number}@example.com`,
        invitation_id: invitation.id,
      }),
    ),
    other.repositories.users.delete(inviter.id),
    one.repositories.invitations.revoke(invitation.id),
  ]);

  for (const result of results)
    assert.ok(result.status === "fulfilled" || result.reason instanceof DeadInvitationError, JSON.stringify(result));
  const joined = results.slice(0, 10).filter(({ status }) => status === "fulfilled").length;
  assert.equal((await one.repositories.invitations.find(invitation.id))?.uses, joined);
  await assertCountersMatch(one.repositories);
});

for (const [moment, statement, annotations] of [
  ["before it is written", /^insert into .annotations./, 1],
  ["before it is counted", /^update .tasks. set .total_annotations./, 1],
  ["before what they did is counted", /^insert into .contributions./, 1],
  ["before it is written", /^insert into .annotations./, 2],
  ["before what they did is counted", /^insert into .contributions./, 2],
] as const) {
  test(`at once: a person with ${annotations} of a task's annotations is deleted while another one labels it, ${moment}`, async (t) => {
    const [one, other] = await openTwoPrograms(t);
    const [owner, ann, ben] = await one.addPeople(3);
    assert.ok(owner && ann && ben);
    const [task] = await one.addTasks(await one.addProject(owner, { maximum_annotations: 3 }), 1);
    assert.ok(task);
    for (let times = 0; times < annotations; times++) await one.annotate(task, ann);
    // The task's row says nothing of the person any more, so that nobody waits for it.
    await one.annotate(task, owner);

    let deletion: Promise<unknown> | undefined;
    const hasHappened = beforeStatement(one.database, statement, () =>
      waitBriefly((deletion = other.repositories.users.delete(ann.id))),
    );
    await one.annotate(task, ben);
    await waitFor("the deletion", deletion ?? Promise.resolve());

    assert.ok(hasHappened());
    assert.equal(await one.repositories.users.find(ann.id), undefined);
    assert.equal((await one.repositories.tasks.find(task.id))?.total_annotations, annotations + 2);
    await assertCountersMatch(one.repositories);
  });
}

test("at once: of many who renew a legacy token at the same moment, each gets the one that works", async (t) => {
  const [one] = await openTwoPrograms(t);
  const [person] = await one.addPeople(1);
  assert.ok(person);
  const { id } = person;
  const { legacyTokens } = one.repositories;
  const before = await legacyTokens.findByUser(id);

  const renewed = await Promise.all(Array.from({ length: 12 }, async () => legacyTokens.reset(id)));

  const token = (await legacyTokens.findByUser(id))?.token;
  assert.deepEqual([...new Set(renewed)], [token]);
  assert.notEqual(token, before?.token);
});

test("at once: of two who reset the invitation at the same moment, each gets the one that works", async (t) => {
  const [one, other] = await openTwoPrograms(t);
  await one.addPeople(1);
  let reset_meanwhile = "";
  beforeStatement(
    one.database,
    /^update .organizations./,
    async () => (reset_meanwhile = await other.repositories.organizations.resetInvite(1)),
  );

  assert.equal(await one.repositories.organizations.resetInvite(1), reset_meanwhile);
  assert.equal(await one.repositories.organizations.inviteToken(1), reset_meanwhile);
});

test("at once: somebody labels while their annotations are imported, and neither waits for the other", async (t) => {
  const [one, other] = await openTwoPrograms(t);
  const [ada] = await one.addPeople(1);
  assert.ok(ada);
  const project = await one.addProject(ada);
  const [task, second] = await one.addTasks(project, 2);
  assert.ok(task && second);
  await one.annotate(task, ada);
  const refused: unknown[] = [];
  for (const { database } of [one, other]) database.on("query-error", (error) => refused.push(error));
  const { imports, bulkInsert } = one.repositories;
  const values = { project_id: project.id, user_id: ada.id, is_pasted: false, preannotated_from_fields: [] };
  const job = await imports.create({ ...values, files: [] }, minutesFromNow(5));
  const own = { result: "[]", completed_by_id: ada.id, ground_truth: false, was_cancelled: false };
  const annotations = [{ ...own, lead_time: null, import_id: null }];
  const row = { data: "{}", meta: "{}", file_upload_id: null, annotations, predictions: [] };
  let labeling: Promise<unknown> | undefined;
  beforeStatement(one.database, /insert into "contributions"/, async () => {
    labeling = other.annotate(second, ada);
    await waitBriefly(labeling);
  });

  await bulkInsert.addTasks(job, { project_id: project.id, tasks_added: 0, task_id_ranges: [] }, [row]);
  await (labeling ?? other.annotate(second, ada));

  assert.deepEqual(refused, []);
  await one.assertCounts(project, { task_number: 3, total_annotations_number: 3 });
});
