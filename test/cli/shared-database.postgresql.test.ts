import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";

import { migrations } from "../../migrations/index.ts";
import { freePort } from "../../scripts/support/ports.js";
import { randomToken } from "../../src/security/crypto.ts";
import { password } from "../support/app.ts";
import { logIn, openShell, openShellInProcess } from "../support/command.ts";

const ada = "ada@example.com";
const first = ["start", "--no-browser", "--port", "0", "--username", ada, "--password", password];

test("PostgreSQL: four servers that start together migrate once, and make one first person", async (t) => {
  const { serve, openDatabase } = openShell(t, { LABEL_STUDIO_SECRET_KEY: randomToken(50) });

  const servers = await Promise.all(Array.from({ length: 4 }, () => serve(first)));

  const database = await openDatabase();
  const applied = await database("knex_migrations").orderBy("id").pluck("name");
  assert.deepEqual(
    applied,
    migrations.map(({ name }) => name),
  );
  assert.deepEqual(await database("users").pluck("email"), [ada]);
  assert.equal(servers.filter((server) => /^Initializing database/m.test(server.stdout())).length, 1);
});

test("PostgreSQL: a server with another secret key refuses to start, and says what to do", async (t) => {
  const { serve, run } = openShellInProcess(t, { LABEL_STUDIO_SECRET_KEY: randomToken(50) });
  await serve(first);

  const other = await run(first, { env: { LABEL_STUDIO_SECRET_KEY: randomToken(50) } });

  assert.deepEqual([other.code, other.stdout], [1, ""]);
  assert.match(
    other.stderr,
    /^The secret key is not the one this database is used with: .*LABEL_STUDIO_SECRET_KEY.*\n$/,
  );
});

test("PostgreSQL: the secret key and the database's password may stand in files", async (t) => {
  const { home, env, serve } = openShellInProcess(t);
  const url = new URL(env.DATABASE_URL ?? "");
  const file = (name: string, text: string) => {
    writeFileSync(path.join(home, name), `${text}\n`);
    return path.join(home, name);
  };

  const server = await serve(first, {
    DATABASE_URL: "",
    DJANGO_DB: "default",
    POSTGRE_HOST: url.hostname,
    POSTGRE_PORT: url.port,
    POSTGRE_NAME_FILE: file("name", url.pathname.slice(1)),
    POSTGRE_USER: url.username,
    POSTGRE_PASSWORD_FILE: file("password", url.password),
    LABEL_STUDIO_SECRET_KEY_FILE: file("key", randomToken(50)),
  });

  assert.ok(await logIn(server.url, ada, password));
});

test("PostgreSQL: a database that is not there ends the start with one line, and nothing is asked twice", async (t) => {
  const { run } = openShellInProcess(t);
  const url = `postgresql://somebody:secretword@127.0.0.1:${await freePort()}/labels`;

  const { code, stdout, stderr } = await run(["start", "--no-browser"], { env: { DATABASE_URL: url } });

  assert.deepEqual([code, stdout], [1, ""]);
  assert.match(stderr, /^The database postgresql:\/\/127\.0\.0\.1:\d+\/labels can't be used \(.*\).*\n$/);
  assert.equal(stderr.split("\n").length, 2);
  assert.doesNotMatch(stderr, /secretword/);
});

for (const [address, why] of [
  ["mysql://root@localhost/labels", /^DATABASE_URL is not usable: use an address such as postgresql:/],
  ["postgresql://localhost", /^DATABASE_URL is not usable \(it names no host or no database\): use/],
  ["postgresql://u:secretword@localhost/labels?sslmode=sometimes", /\(sslmode is sometimes: use disable, require/],
  [
    "postgresql://u:secretword@localhost/labels?sslmode=require&sslrootcert=/nowhere.pem",
    /\(.*\/nowhere\.pem.*\): use/,
  ],
  ["postgresql://u:secretword@localhost/labels?sslmode=verify-ca", /\(.*sslrootcert.*\): use/],
] as const) {
  test(`PostgreSQL: the address ${address.replace("secretword", "…")} ends the start with 2 and one line`, async (t) => {
    const { run } = openShellInProcess(t);

    const { code, stderr } = await run(["start", "--no-browser"], { env: { DATABASE_URL: address } });

    assert.equal(code, 2, stderr);
    assert.match(stderr, why);
    assert.equal(stderr.split("\n").length, 2);
    assert.doesNotMatch(stderr, /secretword/);
  });
}
