import assert from "node:assert/strict";
import { test } from "node:test";

import type { Knex } from "knex";

import { startApi } from "../support/api.ts";
import { password } from "../support/app.ts";
import { logIn } from "../support/forms.ts";
import { newToken } from "../support/tokens.ts";
import { codeOf } from "../support/two-factor.ts";

/** Columns whose values no answer may have. */
const hidden: Record<string, string[]> = {
  users: ["password"],
  organizations: ["invite_digest", "invite_encrypted"],
  sessions: ["digest", "data"],
  legacy_tokens: ["digest", "token_encrypted"],
  personal_tokens: ["jti"],
  api_keys: ["digest"],
  two_factor: ["secret_encrypted"],
  recovery_codes: ["digest"],
};

async function secretsOf(database: Knex): Promise<string[]> {
  const secrets: string[] = [];
  for (const [table, columns] of Object.entries(hidden)) {
    for (const row of await database(table)) secrets.push(...columns.map((column) => String(row[column])));
  }
  return secrets.filter((secret) => secret !== "");
}

async function startWithSecrets(t: Parameters<typeof startApi>[0]) {
  const app = await startApi(t);
  const ann = await app.member("ann@example.com");
  for (const { script } of [app.owner, ann]) await newToken(script);
  await logIn(app.visitor(), { email: "ann@example.com", password }).expect(303);
  await app.repositories.apiKeys.create(ann.user.id, { name: "export", days: 1, is_read_only: false });
  const { secret, sealed } = await app.repositories.twoFactor.propose(ann.user.id);
  await app.repositories.twoFactor.enable(ann.user.id, sealed, await codeOf(secret));
  return { ...app, ann, secrets: await secretsOf(app.database) };
}

const reads = [
  "/api/users/",
  "/api/users/1/",
  "/api/users/2/",
  "/api/current-user/whoami",
  "/api/current-user/hotkeys/",
  "/api/organizations/",
  "/api/organizations/1",
  "/api/organizations/1/memberships",
  "/api/organizations/1/memberships/2/",
  "/api/jwt/settings",
  "/api/session-policy/",
  "/api/version/",
];

for (const path of reads) {
  test(`api secrets: GET ${path} holds no password, hash or token (Z3)`, async (t) => {
    const { owner, ann, secrets } = await startWithSecrets(t);
    assert.ok(secrets.length >= 12, "there are some to hide");

    for (const { script } of [owner, ann]) {
      const { text } = await script("get", path).expect(200);
      for (const secret of [...secrets, owner.token, ann.token, password]) assert.ok(!text.includes(secret), secret);
      assert.doesNotMatch(
        text,
        /"(password|password_changed_at|token_encrypted|digest|jti|is_active|sort_name)"|\$2[aby]\$/,
      );
    }
  });
}

test("api secrets: no answer to a change holds a password, hash or token (Z3)", async (t) => {
  const { owner, ann, secrets, database } = await startWithSecrets(t);
  const person = { username: "new", email: "new@example.com", password: "another horse battery" };

  const answers = [
    await owner.script("post", "/api/users/", person).expect(201),
    await owner.script("patch", "/api/users/2/", { first_name: "Ann", password: person.password }).expect(200),
    await owner.script("patch", "/api/current-user/hotkeys/", { custom_hotkeys: {} }).expect(200),
    await owner.script("post", "/api/users/", { ...person, username: "" }).expect(400),
  ];

  const all = [...secrets, ...(await secretsOf(database)), owner.token, ann.token, password, person.password];
  for (const { text } of answers) for (const secret of all) assert.ok(!text.includes(secret), secret);
});

for (const query of [
  "ordering=password",
  "ordering=-users__password",
  "password__startswith=$2",
  "password=$2b$",
  "email__contains=ann",
  "fields=password",
  "include=password,legacy_tokens",
  "expand=password",
]) {
  test(`api secrets: ?${query} neither filters, sorts nor adds anything (Z3)`, async (t) => {
    const { owner } = await startWithSecrets(t);

    for (const path of ["/api/users/", "/api/users/2/", "/api/current-user/whoami"]) {
      const { text } = await owner.script("get", path).expect(200);
      await owner.script("get", `${path}?${query}`).expect(200, JSON.parse(text));
    }
  });
}
