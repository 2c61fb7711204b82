import assert from "node:assert/strict";
import { renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";

import type { Knex } from "knex";

import { readNextSecretKey, writeNextSecretKey } from "../../src/config/data-directory.ts";
import { readTables } from "../../src/database/transfer/schema.ts";
import { createRepositories } from "../../src/repositories/index.ts";
import { createCipher, randomToken } from "../../src/security/crypto.ts";
import { logIn, redirectOf } from "../support/command.ts";
import type { Shell } from "../support/command.ts";
import { onPostgres } from "../support/database.ts";
import { ada, bob, call, keyNow, reset, rotate, serverInUse, start, statusWith } from "../support/secret-key.ts";

test("secret-key rotate: passwords, tokens, sessions and the invitation stay valid, also after a second time (T2)", async (t) => {
  const shell = await serverInUse(t);
  const { run, serve, database } = shell;

  for (const round of [1, 2]) {
    const before = keyNow(shell);
    const { code, stdout, stderr } = await run(rotate);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^The secret key was replaced\.\nThe new one is in \S+\.env: keep a copy of it\.\n/);
    assert.equal(stdout.includes(keyNow(shell)) || stdout.includes(before), false);
    assert.notEqual(keyNow(shell), before);

    const server = await serve(start);
    assert.ok(await logIn(server.url, ada.email, ada.password), `round ${round}`);
    assert.equal(await logIn(server.url, ada.email, "something else"), undefined);
    assert.equal(await redirectOf(server.url, "projects/", shell.cookie), undefined);
    assert.equal(await statusWith(server, { token: ada.token }), 200);
    assert.equal(await statusWith(server, { token: shell.personal }), 200);
    assert.equal(await statusWith(server, { bearer: shell.access }), 401);
    const refreshed = await call(server, "api/token/refresh/", { method: "POST", body: { refresh: shell.personal } });
    assert.equal(await statusWith(server, { bearer: ((await refreshed.json()) as { access: string }).access }), 200);
    await server.stop();
  }

  // Who logs in for the first time after both rotations has the key of before the first one.
  const server = await serve(start);
  assert.ok(await logIn(server.url, bob.email, bob.password));
  assert.deepEqual(await database("users").whereNotNull("previous_key_id"), []);
  const record = await run(["user", "--username", ada.email, "--json"]);
  assert.equal((JSON.parse(record.stdout) as { token: string }).token, ada.token);
  const { organizations, secretKeys } = createRepositories(database, { ...shell.config, secret_key: keyNow(shell) });
  assert.equal(await organizations.inviteToken(1), shell.invite);
  await secretKeys.deleteUnused();
  assert.equal((await database("previous_secret_keys")).length, 1, "that of the personal token");
  await database("personal_tokens").update({ revoked_at: "2026-01-01T00:00:00.000000Z" });
  await secretKeys.deleteUnused();
  assert.deepEqual(await database("previous_secret_keys"), []);
});

test("secret-key rotate: all that is encrypted is encrypted anew, in every table", async (t) => {
  const shell = await serverInUse(t);
  const { run, database } = shell;
  await database("label_studio_sources").insert({
    fingerprint: "f",
    created_at: "",
    secret_key_encrypted: createCipher(shell.key).encrypt("theirs"),
  });
  await database("two_factor").insert({
    user_id: 1,
    secret_encrypted: createCipher(shell.key).encrypt("of an app"),
    confirmed_at: "",
    last_step: 0,
  });
  // More than are written at once.
  const many = Array.from({ length: 1001 }, (_, at) => ({
    email: `p${at}@example.com`,
    username: "",
    sort_name: "",
    date_joined: "",
    last_activity: "",
  }));
  await database.batchInsert("users", many, 200);
  const ids: number[] = await database("users").where("email", "like", "p%@example.com").pluck("id");
  const cipher = createCipher(shell.key);
  const tokens = ids.map((id) => ({
    user_id: id,
    digest: `${id}`,
    token_encrypted: cipher.encrypt(`token of ${id}`),
    created_at: "",
  }));
  await database.batchInsert("legacy_tokens", tokens, 200);

  await run(rotate);

  const columns = (await readTables(database)).flatMap(({ name, columns }) =>
    columns.filter((column) => column.name.endsWith("_encrypted")).map((column) => [name, column.name] as const),
  );
  assert.equal(columns.length, 5);
  const decrypted = await Promise.all(
    columns.map(([table, column]) => decryptAll(database, table, column, keyNow(shell))),
  );
  const secrets = new Set(decrypted.flat());
  for (const secret of [
    "theirs",
    "of an app",
    shell.key,
    ada.token,
    shell.invite,
    ...ids.map((id) => `token of ${id}`),
  ])
    assert.ok(secrets.has(secret), secret);
});

async function decryptAll(database: Knex, table: string, column: string, key: string): Promise<string[]> {
  const encrypted: string[] = await database(table).whereNotNull(column).pluck(column);
  assert.ok(encrypted.length > 0, table);
  const cipher = createCipher(key);
  return encrypted.map((each) => cipher.decrypt(each));
}

test("secret-key rotate: --leaked also ends tokens and sessions, and makes the invitation anew; passwords stay", async (t) => {
  const shell = await serverInUse(t);
  const { run, serve, database } = shell;
  const link = { user_id: 1, token: randomToken(), created_by_id: null };
  await createRepositories(database, shell.config).recoveryLinks.create(link);

  const { code, stdout } = await run([...rotate, "--leaked"]);

  assert.equal(code, 0);
  assert.deepEqual(await database("one_time_links"), []);
  assert.match(
    stdout,
    /^Personal access tokens, sessions and links to set a password have ended; .*\n.*ask everybody to choose a new password and to set two-factor up again\.$/m,
  );
  const server = await serve(start);
  assert.ok(await logIn(server.url, ada.email, ada.password));
  assert.match((await redirectOf(server.url, "projects/", shell.cookie)) ?? "", /login/);
  for (const credential of [{ token: ada.token }, { token: shell.personal }, { bearer: shell.access }])
    assert.equal(await statusWith(server, credential), 401);
  const { organizations, legacyTokens } = createRepositories(database, { ...shell.config, secret_key: keyNow(shell) });
  assert.notEqual(await organizations.inviteToken(1), shell.invite);
  assert.equal(await statusWith(server, { token: (await legacyTokens.findByUser(1))?.token ?? "" }), 200);
});

test("secret-key rotate: a crash before the commit leaves the old key, one after it the new", async (t) => {
  const shell = await serverInUse(t);
  const { run, serve, database, config } = shell;
  const { secretKeys } = createRepositories(database, config);
  const to = randomToken(50);
  const crash = () => {
    writeNextSecretKey(config.data_dir, to);
    throw new Error("crashed");
  };

  await assert.rejects(secretKeys.rotate({ from: shell.key, to, is_leaked: false, beforeCommit: crash }), /crashed/);
  const before = await serve(start);
  assert.ok(await logIn(before.url, ada.email, ada.password));
  assert.equal(keyNow(shell), shell.key);
  await before.stop();

  const write = () => writeNextSecretKey(config.data_dir, to);
  await secretKeys.rotate({ from: shell.key, to, is_leaked: false, beforeCommit: write });
  assert.equal(keyNow(shell), shell.key);
  const after = await serve(start);
  assert.ok(await logIn(after.url, ada.email, ada.password));
  assert.deepEqual([keyNow(shell), readNextSecretKey(config.data_dir)], [to, undefined]);
  await after.stop();
  assert.equal((await run(rotate)).code, 0);
});

test("secret-key rotate: while a server runs it is refused, and changes nothing", async (t) => {
  const shell = await serverInUse(t);
  const server = await shell.serve(start);

  const { code, stdout, stderr } = await shell.run(rotate);

  assert.deepEqual([code, stdout], [1, ""]);
  assert.match(
    stderr,
    onPostgres ? /^Servers are connected to this database \(from / : /^Another server \(process \d+ on/,
  );
  assert.equal(keyNow(shell), shell.key);
  assert.ok(await logIn(server.url, ada.email, ada.password));
});

for (const [what, lose] of [
  ["lost", ({ home, config }: Shell) => renameSync(path.join(config.data_dir, ".env"), path.join(home, "lost"))],
  [
    "another one",
    ({ config }: Shell) => writeFileSync(path.join(config.data_dir, ".env"), `SECRET_KEY=${"o".repeat(50)}\n`),
  ],
] as const)
  test(`secret-key reset: when the key is ${what}, everybody starts anew with a new password`, async (t) => {
    const shell = await serverInUse(t);
    const { run, serve, database, config } = shell;
    lose(shell);
    assert.match((await run(start)).stderr, /label-studio secret-key reset/);
    assert.notEqual((await run(rotate)).code, 0);

    const asked = await run(reset, { stdin: "reset\n" });
    assert.equal(asked.code, 1);
    assert.match(asked.stderr, /^This gives \S+ a new secret key.*\nNothing was changed\. .*--yes\.\n$/);
    const { code, stdout, stderr } = await run([...reset, "--yes"]);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^Next: label-studio reset_password --username EMAIL/m);

    const server = await serve(start);
    assert.equal(await logIn(server.url, ada.email, ada.password), undefined);
    for (const credential of [{ token: ada.token }, { token: shell.personal }, { bearer: shell.access }])
      assert.equal(await statusWith(server, credential), 401);
    await run(["reset_password", "--username", ada.email, "--password", "another horse battery"]);
    assert.ok(await logIn(server.url, ada.email, "another horse battery"));
    const { organizations, legacyTokens } = createRepositories(database, { ...config, secret_key: keyNow(shell) });
    assert.notEqual(await organizations.inviteToken(1), shell.invite);
    assert.equal(await statusWith(server, { token: (await legacyTokens.findByUser(1))?.token ?? "" }), 200);
  });
