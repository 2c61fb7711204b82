import assert from "node:assert/strict";
import { test } from "node:test";

import { password, startApp } from "../support/app.ts";
import { describedBy, read } from "../support/pages.ts";

const form = { email: "ada@example.com", password };

test("sign-up: the first person owns the organization and is signed in", async (t) => {
  const { visitor, repositories } = await startApp(t);
  const browser = visitor();

  const answer = await browser.post("/user/signup/").type("form").send({ email: "Ada@Example.com", password });

  assert.equal(answer.status, 303);
  assert.equal(answer.headers.location, "/");
  const ada = await repositories.users.findByEmail("ada@example.com");
  assert.equal(ada?.email, "ada@example.com");
  assert.equal((await repositories.organizations.first())?.created_by_id, ada?.id);
  await browser.get("/people/").expect(200);
});

test("sign-up: the username is the email's local part", async (t) => {
  const { visitor, repositories } = await startApp(t);

  await visitor().post("/user/signup/").type("form").send(form).expect(303);

  assert.equal((await repositories.users.findByEmail("ada@example.com"))?.username, "ada");
});

for (const [typed, title] of [
  [undefined, "My team"],
  ["  ", "My team"],
  [" Harbor Research ", "Harbor Research"],
] as const) {
  test(`sign-up: the first person calls the organization ${JSON.stringify(typed)}, and its name is ${title}`, async (t) => {
    const { visitor, repositories } = await startApp(t);
    const page = read(await visitor().get("/user/signup/").expect(200));
    assert.equal(page("[name=organization_title]").attr("required"), undefined);

    await visitor()
      .post("/user/signup/")
      .type("form")
      .send({ ...form, organization_title: typed })
      .expect(303);

    assert.equal((await repositories.organizations.first())?.title, title);
  });
}

test("sign-up: the organization's name is refused if it is too long, and stays in its field", async (t) => {
  const { visitor, database } = await startApp(t);
  const organization_title = "n".repeat(1001);

  const answer = await visitor()
    .post("/user/signup/")
    .type("form")
    .send({ ...form, organization_title });

  assert.equal(answer.status, 422);
  assert.match(describedBy(read(answer), "organization_title"), /Use at most 1,000 characters\./);
  assert.equal(read(answer)("[name=organization_title]").val(), organization_title);
  assert.equal((await database("users")).length, 0);
});

test("sign-up: whoever comes later is not asked for the organization's name, and can't change it", async (t) => {
  const { visitor, repositories } = await startApp(t);
  await visitor().post("/user/signup/").type("form").send(form).expect(303);

  const page = read(await visitor().get("/user/signup/").expect(200));
  assert.equal(page("[name=organization_title]").length, 0);
  const second = { email: "ben@example.com", password, organization_title: "Ben's" };
  await visitor().post("/user/signup/").type("form").send(second).expect(303);

  assert.equal((await repositories.organizations.first())?.title, "My team");
});

test("sign-up: whoever comes later joins the same organization as a member", async (t) => {
  const { visitor, repositories } = await startApp(t);
  await visitor().post("/user/signup/").type("form").send(form).expect(303);
  const browser = visitor();

  await browser.post("/user/signup/").type("form").send({ email: "ben@example.com", password }).expect(303);

  const organization = await repositories.organizations.first();
  const ada = await repositories.users.findByEmail("ada@example.com");
  assert.equal(organization?.member_count, 2);
  assert.equal(organization?.created_by_id, ada?.id);
  assert.match((await browser.get("/people/")).text, /ada@example\.com/);
});

test("sign-up: an email that differs only in capitals is taken", async (t) => {
  const { visitor, database } = await startApp(t);
  await visitor().post("/user/signup/").type("form").send(form).expect(303);

  const answer = await visitor().post("/user/signup/").type("form").send({ email: "ADA@Example.COM", password });

  assert.equal(answer.status, 422);
  assert.match(describedBy(read(answer), "email"), /There is already an account with this email\./);
  assert.equal(read(answer)("main form a").attr("href"), "/user/login/");
  assert.equal((await database("users")).length, 1);
});

const refusals = [
  { what: "an email without @", email: "nope", field: "email", says: /Enter an email like/ },
  { what: "no email", email: "", field: "email", says: /Enter your email\./ },
  { what: "a very long email", email: `${"a".repeat(250)}@a.example`, field: "email", says: /at most 254 characters/ },
  { what: "a short password", password: "1234567", field: "password", says: /At least 8 characters; this has 7\./ },
  {
    what: "a very long password",
    password: "x".repeat(129),
    field: "password",
    says: /At most 128 characters; this has 129\./,
  },
  { what: "a password of spaces", password: " ".repeat(9), field: "password", says: /Enter a password\./ },
  { what: "no password", password: "", field: "password", says: /Enter a password\./ },
  { what: "a common password", password: "password1", field: "password", says: /most common passwords/ },
  { what: "the email as password", password: "ada@example.com", field: "password", says: /too easy to guess/ },
];

for (const { what, field, says, ...typed } of refusals) {
  test(`sign-up: ${what} is refused beside its field`, async (t) => {
    const { visitor, database } = await startApp(t);

    const answer = await visitor()
      .post("/user/signup/")
      .type("form")
      .send({ ...form, ...typed });

    assert.equal(answer.status, 422);
    const page = read(answer);
    assert.match(describedBy(page, field), says);
    assert.equal(page(`[name=${field}]`).attr("aria-invalid"), "true");
    assert.equal((await database("users")).length, 0);
  });
}

test("sign-up: after an error the email stays typed, the password does not, and all errors show at once", async (t) => {
  const { visitor } = await startApp(t);

  const answer = await visitor().post("/user/signup/").type("form").send({ email: "no email", password: "s3cr3t!" });

  const page = read(answer);
  assert.equal(page("[name=email]").val(), "no email");
  assert.equal(page("[name=password]").val(), undefined);
  assert.doesNotMatch(answer.text, /s3cr3t!/);
  assert.match(describedBy(page, "email"), /Enter an email like/);
  assert.match(describedBy(page, "password"), /At least 8 characters; this has 7\./);
});

test("sign-up: nobody gets news by email who did not ask for it", async (t) => {
  const { visitor, repositories } = await startApp(t);
  const send = (fields: object) => visitor().post("/user/signup/").type("form").send(fields).expect(303);

  await send(form);
  await send({ email: "ben@example.com", password, allow_newsletters: "true" });
  await send({ email: "cleo@example.com", password, allow_newsletters: "false" });

  const page = read(await visitor().get("/user/signup/"));
  assert.equal(page("[name=allow_newsletters]").attr("checked"), undefined);
  assert.equal((await repositories.users.findByEmail("ada@example.com"))?.allow_newsletters, false);
  assert.equal((await repositories.users.findByEmail("ben@example.com"))?.allow_newsletters, true);
  assert.equal((await repositories.users.findByEmail("cleo@example.com"))?.allow_newsletters, false);
});

const names = {
  "": ["", ""],
  Ada: ["Ada", ""],
  "  Ada   King  Lovelace ": ["Ada King", "Lovelace"],
  "נועה לוי": ["נועה", "לוי"],
};

for (const [name, [first_name, last_name]] of Object.entries(names)) {
  test(`sign-up: ${JSON.stringify(name)} is stored as a name, which is optional`, async (t) => {
    const { visitor, repositories } = await startApp(t);

    await visitor()
      .post("/user/signup/")
      .type("form")
      .send({ ...form, name })
      .expect(303);

    const ada = await repositories.users.findByEmail(form.email);
    assert.deepEqual([ada?.first_name, ada?.last_name], [first_name, last_name]);
  });
}

test("sign-up: a name that is too long is refused, and stays in its field", async (t) => {
  const { visitor, database } = await startApp(t);
  const name = "n".repeat(257);

  const answer = await visitor()
    .post("/user/signup/")
    .type("form")
    .send({ ...form, name });

  assert.equal(answer.status, 422);
  assert.match(describedBy(read(answer), "name"), /Use at most 256 characters\./);
  assert.equal(read(answer)("[name=name]").val(), name);
  assert.equal((await database("users")).length, 0);
});

test("sign-up: the fields of Label Studio's form that are not asked for here do no harm (C6)", async (t) => {
  const { visitor } = await startApp(t);
  const fields = { ...form, csrfmiddlewaretoken: "x", how_find_us: "Other", elaborate: "a friend" };

  await visitor().post("/user/signup/").type("form").send(fields).expect(303);
});

test("sign-up: somebody who is signed in goes on to the first page, or to where they wanted to go", async (t) => {
  const { signedIn } = await startApp(t);
  const { browser } = await signedIn();

  await browser.get("/user/signup/").expect(302).expect("Location", "/");
  await browser.get("/user/signup/?next=/people/").expect(302).expect("Location", "/people/");
});
