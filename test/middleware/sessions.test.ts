import assert from "node:assert/strict";
import { test } from "node:test";

import { load } from "cheerio";

import { daysFromNow, minutesFromNow } from "../../src/common/timestamps.ts";
import { password, startApp } from "../support/app.ts";
import type { TestApp } from "../support/app.ts";
import { sessionHeader } from "../support/cookies.ts";
import { logIn, signUp } from "../support/forms.ts";

const email = "ada@example.com";

/** Signs a new person in, and gives their cookie to send by hand. */
async function newSession({ repositories, visitor }: TestApp, person = { email, password }) {
  const user = await repositories.users.create(person);
  return { user, cookie: sessionHeader(await logIn(visitor(), person)) };
}

/** 200 while the session is open, 302 to log-in when it is not. */
async function statusWith({ visitor }: TestApp, cookie: string): Promise<number> {
  return (await visitor().get("/people/").set("Cookie", cookie)).status;
}

test("sessions: the id is long and random, and the database holds only its digest (S1)", async (t) => {
  const app = await startApp(t);
  const ada = await newSession(app);
  const bob = await newSession(app, { email: "bob@example.com", password });

  assert.match(ada.cookie, /^sessionid=[A-Za-z0-9]{43}$/);
  assert.notEqual(ada.cookie, bob.cookie);
  const storedSessions = JSON.stringify(await app.database("sessions"));
  for (const { cookie } of [ada, bob]) assert.ok(!storedSessions.includes(cookie.slice("sessionid=".length)));
});

test("sessions: log-in gives a new id, and the visitor's one is dead (S2)", async (t) => {
  const app = await startApp(t);
  const { cookie } = await newSession(app);
  const visitors = sessionHeader(await app.visitor().post("/logout").set("Cookie", cookie));

  const signedIn = sessionHeader(await logIn(app.visitor(), { email, password }).set("Cookie", visitors));

  assert.notEqual(signedIn, visitors);
  assert.equal(await statusWith(app, signedIn), 200);
  assert.equal(await statusWith(app, visitors), 302);
  assert.equal((await app.database("sessions")).length, 1);
});

test("sessions: a changed password gives a new id, and every older session is dead (S2, P10)", async (t) => {
  const app = await startApp(t);
  const { cookie } = await newSession(app);
  const elsewhere = sessionHeader(await logIn(app.visitor(), { email, password }));
  const change = { current_password: password, new_password: "another battery staple" };

  const wrong = { ...change, current_password: "wrong password" };
  await app.visitor().post("/user/account/password").set("Cookie", cookie).type("form").send(wrong).expect(422);
  assert.equal(await statusWith(app, elsewhere), 200);
  const answer = await app.visitor().post("/user/account/password").set("Cookie", cookie).type("form").send(change);

  assert.equal(answer.status, 303);
  const renewed = sessionHeader(answer);
  assert.equal(await statusWith(app, renewed), 200);
  assert.equal(await statusWith(app, cookie), 302);
  assert.equal(await statusWith(app, elsewhere), 302);
});

test("sessions: an id that the server did not issue is not adopted (S3)", async (t) => {
  const app = await startApp(t);
  await app.repositories.users.create({ email, password });
  const planted = `sessionid=${"A".repeat(43)}`;

  const byLogIn = sessionHeader(await logIn(app.visitor(), { email, password }).set("Cookie", planted));
  const bob = { email: "bob@example.com", password };
  const bySignUp = sessionHeader(await signUp(app.visitor(), bob).set("Cookie", planted));

  assert.notEqual(byLogIn, planted);
  assert.notEqual(bySignUp, planted);
  assert.equal(await statusWith(app, planted), 302);
});

test("sessions: a deactivated, a removed and a deleted person are out at the next request (S5)", async (t) => {
  const app = await startApp(t);
  const { database } = app;
  const { cookie: owner } = await newSession(app, { email: "owner@example.com", password });
  const deactivate = (id: number) => database("users").where({ id }).update({ is_active: false });
  const remove = (user_id: number) =>
    database("organization_members")
      .where({ user_id })
      .update({ deleted_at: daysFromNow(0) });
  const erase = (id: number) => database("users").where({ id }).delete();

  for (const end of [deactivate, remove, erase]) {
    const { user, cookie } = await newSession(app, { email: `${end.name}@example.com`, password });
    assert.equal(await statusWith(app, cookie), 200);
    await end(user.id);
    assert.equal(await statusWith(app, cookie), 302);
    const change = app.visitor().post("/user/account/").set("Cookie", cookie).type("form").send({ first_name: "Eve" });
    assert.match((await change).headers.location as string, /^\/user\/login\//);
    assert.deepEqual(await database("users").where({ first_name: "Eve" }), []);
  }
  assert.equal(await statusWith(app, owner), 200);
});

test("sessions: who was deactivated for a while has to log in again (S5)", async (t) => {
  const app = await startApp(t);
  const { cookie } = await newSession(app);

  await app.database("users").update({ is_active: false });
  assert.equal(await statusWith(app, cookie), 302);
  await app.database("users").update({ is_active: true });

  assert.equal(await statusWith(app, cookie), 302);
});

test("sessions: one ends 8 days after log-in, however busy it is (S6)", async (t) => {
  const app = await startApp(t);
  const { cookie } = await newSession(app);

  await app.database("sessions").update({ created_at: minutesFromNow(-8 * 24 * 60 + 5) });
  assert.equal(await statusWith(app, cookie), 200);
  await app.database("sessions").update({ created_at: minutesFromNow(-8 * 24 * 60 - 5) });
  assert.equal(await statusWith(app, cookie), 302);
});

test("sessions: one ends after 3 days without a request (S6)", async (t) => {
  const app = await startApp(t);
  const { cookie } = await newSession(app);

  await app.database("sessions").update({ last_seen_at: minutesFromNow(-3 * 24 * 60 + 5) });
  assert.equal(await statusWith(app, cookie), 200);
  await app.database("sessions").update({ last_seen_at: minutesFromNow(-3 * 24 * 60 - 5) });
  assert.equal(await statusWith(app, cookie), 302);
});

test("sessions: the organization's limits hold, but none beyond 30 days (S6)", async (t) => {
  const app = await startApp(t);
  const { cookie } = await newSession(app);
  const { cookie: other } = await newSession(app, { email: "bob@example.com", password });

  await app.database("organizations").update({ max_session_age: 60, max_time_between_activity: 60 });
  await app
    .database("sessions")
    .where({ user_id: 1 })
    .update({ last_seen_at: minutesFromNow(-61) });
  assert.equal(await statusWith(app, cookie), 302);
  assert.equal(await statusWith(app, other), 200);

  await app.database("organizations").update({ max_session_age: 100_000, max_time_between_activity: 100_000 });
  assert.equal(await statusWith(app, other), 200);
  const [{ expires_at }] = await app.database("sessions").where({ user_id: 2 });
  assert.ok(expires_at <= daysFromNow(30));
  await app.database("sessions").update({ expires_at: minutesFromNow(-1) });
  assert.equal(await statusWith(app, other), 302);
});

test("sessions: activity is written at most once a minute (S6)", async (t) => {
  const app = await startApp(t);
  const { user, cookie } = await newSession(app);
  const seenAfterVisit = async (minutesAgo: number) => {
    const before = minutesFromNow(-minutesAgo);
    await app.database("sessions").update({ last_seen_at: before });
    await app.database("users").update({ last_activity: before, last_seen_at: before });
    await statusWith(app, cookie);
    const [{ last_seen_at }] = await app.database("sessions");
    const person = await app.repositories.users.find(user.id);
    return [last_seen_at > before, (person?.last_activity ?? "") > before];
  };

  assert.deepEqual(await seenAfterVisit(0.5), [false, false]);
  assert.deepEqual(await seenAfterVisit(1.5), [true, true]);
});

test("sessions page: it lists one's own sessions and no one else's (S9)", async (t) => {
  const app = await startApp(t);
  const { cookie } = await newSession(app);
  await newSession(app, { email: "bob@example.com", password });
  await logIn(app.visitor(), { email, password }).set("User-Agent", "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0");

  const $ = load((await app.visitor().get("/user/account/sessions").set("Cookie", cookie)).text);

  assert.equal($("main .sessions li").length, 2);
  assert.equal($("main li input[name=session]").length, 1);
  assert.match($("main").text(), /This device/);
  assert.match($("main").text(), /Firefox on Linux/);
});

/** Sends the form that ends other sessions, from the session of this cookie. */
function endSessions({ visitor }: TestApp, cookie: string, fields: object) {
  return visitor().post("/user/account/sessions/delete").set("Cookie", cookie).type("form").send(fields);
}

test("sessions page: one of them ends, with the right password only (S9, S10)", async (t) => {
  const app = await startApp(t);
  const { cookie } = await newSession(app);
  const elsewhere = sessionHeader(await logIn(app.visitor(), { email, password }));
  const bob = await newSession(app, { email: "bob@example.com", password });
  const [, session, sessionOfBob]: number[] = await app.database("sessions").orderBy("id").pluck("id");
  const end = (fields: object) => endSessions(app, cookie, fields);

  await end({ session }).expect(422);
  await end({ session, current_password: "wrong password" }).expect(422);
  await end({ current_password: password }).expect(422);
  await end({ session: [session, sessionOfBob], current_password: password }).expect(422);
  await end({ session: "1 or 1=1", current_password: password }).expect(422);
  assert.equal(await statusWith(app, elsewhere), 200);

  await end({ session: sessionOfBob, current_password: password }).expect(303);
  await end({ session, current_password: password }).expect(303);
  assert.equal(await statusWith(app, elsewhere), 302);
  assert.equal(await statusWith(app, cookie), 200);
  assert.equal(await statusWith(app, bob.cookie), 200, "another person's session is not one's own to end");
});

test("sessions page: all others end at once, and a refused form asks again about the same (S9, S10)", async (t) => {
  const app = await startApp(t);
  const { cookie } = await newSession(app);
  const others = [];
  for (let count = 0; count < 2; count++) others.push(sessionHeader(await logIn(app.visitor(), { email, password })));
  const bob = await newSession(app, { email: "bob@example.com", password });
  const end = (fields: object) => endSessions(app, cookie, fields);

  const refused = load((await end({ session: "others", current_password: "wrong password" }).expect(422)).text);
  assert.equal(refused(".is-open").attr("id"), "log-out-others");
  assert.match(refused(".is-open .error").text(), /not your current password/);
  await end({ session: "others", current_password: password }).expect(303);

  for (const other of others) assert.equal(await statusWith(app, other), 302);
  assert.equal(await statusWith(app, cookie), 200);
  assert.equal(await statusWith(app, bob.cookie), 200);
  const page = load((await app.visitor().get("/user/account/sessions").set("Cookie", cookie)).text);
  assert.match(page("main").text(), /not logged in anywhere else/);
});

test("sessions page: the address of a refused form leads to the page when it is opened again", async (t) => {
  const app = await startApp(t);
  const { cookie } = await newSession(app);

  await app
    .visitor()
    .get("/user/account/sessions/delete")
    .set("Cookie", cookie)
    .expect(302)
    .expect("Location", "/user/account/sessions");
});

test("account: the email, by which one signs in, can't be changed from a session (S10)", async (t) => {
  const { signedIn, repositories } = await startApp(t);
  const { browser, user } = await signedIn({ email });

  await browser
    .post("/user/account/")
    .type("form")
    .send({ first_name: "Ada", email: "eve@example.com", password: "x" });

  assert.deepEqual(await repositories.users.find(user.id), { ...user, first_name: "Ada" });
});
