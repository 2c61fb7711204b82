import assert from "node:assert/strict";
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";

import { randomToken } from "../../src/security/crypto.ts";
import { logIn } from "../support/command.ts";
import { ada, bob, keyNow, reset, rotate, serverInUse, start } from "../support/secret-key.ts";

test("secret-key rotate: other lines of .env stay, and it stays for its owner alone", async (t) => {
  const shell = await serverInUse(t);
  const file = path.join(shell.config.data_dir, ".env");
  writeFileSync(file, `DEBUG=1\nSECRET_KEY=${shell.key}\nOTHER=$&\n`);

  await shell.run(rotate);

  assert.equal(readFileSync(file, "utf8"), `DEBUG=1\nSECRET_KEY=${keyNow(shell)}\nOTHER=$&\n`);
});

test("secret-key rotate: a key of the environment is replaced by one of a file or of standard input, never by itself", async (t) => {
  const key = randomToken(50);
  const shell = await serverInUse(t, { LABEL_STUDIO_SECRET_KEY: key });
  const { run, serve, home, config } = shell;
  const [second, third] = [randomToken(50), randomToken(40)];
  writeFileSync(path.join(home, "new-key"), `${second}\n`);

  const without = await run(rotate);
  assert.equal(without.code, 1);
  assert.match(without.stderr, /^The secret key comes from LABEL_STUDIO_SECRET_KEY, .* --new-key-file/);
  const short = await run([...rotate, "--new-key-file", "-"], { stdin: "too short" });
  assert.match(short.stderr, /^--new-key-file has no usable key: use a secret of 32 characters or more/);
  const same = await run([...rotate, "--new-key-file", "-"], { stdin: key });
  assert.match(same.stderr, /^The new key is the one already in use/);
  const missing = await run([...rotate, "--new-key-file", path.join(home, "none")]);
  assert.match(missing.stderr, /^--new-key-file \S+none can't be read/);

  const first = await run([...rotate, "--new-key-file", path.join(home, "new-key")]);
  assert.equal(first.code, 0, first.stderr);
  assert.match(first.stdout, /^Now give the new one to every server as LABEL_STUDIO_SECRET_KEY, and start them\.$/m);
  assert.match((await run(start)).stderr, /^The secret key is not the one this database is used with/);
  const next = await run([...rotate, "--new-key-file", "-"], {
    stdin: third,
    env: { LABEL_STUDIO_SECRET_KEY: second },
  });
  assert.equal(next.code, 0, next.stderr);

  const server = await serve(start, { LABEL_STUDIO_SECRET_KEY: third });
  assert.ok(await logIn(server.url, bob.email, bob.password));
  assert.equal(existsSync(path.join(config.data_dir, ".env")), false);
});

test("secret-key reset: a password from Label Studio that was never used here is not lost", async (t) => {
  const shell = await serverInUse(t);
  const hash = "pbkdf2_sha256$1$salt$EgzPoMQPGgWaDcnF8mOYmKp5mY2VN0K0Xw6mYbzvUjo=";
  await shell.database("imported_passwords").insert({ user_id: 2, hash, iterations: 1 });
  renameSync(path.join(shell.config.data_dir, ".env"), path.join(shell.home, "lost"));

  await shell.run([...reset, "--yes"]);

  assert.deepEqual(await shell.database("imported_passwords").pluck("hash"), [hash]);
});

test("secret-key reset: while the key is here it is refused, and nothing is changed", async (t) => {
  const shell = await serverInUse(t);

  const { code, stdout, stderr } = await shell.run([...reset, "--yes"]);

  assert.deepEqual([code, stdout], [1, ""]);
  assert.match(
    stderr,
    /^The secret key of \S+ is here, so nothing is lost\. To replace it: label-studio secret-key rotate\n$/,
  );
  const server = await shell.serve(start);
  assert.ok(await logIn(server.url, ada.email, ada.password));
});

test("secret-key reset: with a new key in the environment the database takes that one", async (t) => {
  const shell = await serverInUse(t, { LABEL_STUDIO_SECRET_KEY: randomToken(50) });
  const env = { LABEL_STUDIO_SECRET_KEY: randomToken(50) };

  const { code, stdout } = await shell.run([...reset, "--yes"], { env });

  assert.equal(code, 0);
  assert.match(stdout, /^The database now belongs to the secret key in LABEL_STUDIO_SECRET_KEY/);
  assert.equal((await shell.run(["check"], { env })).code, 0);
});

test("secret-key reset: a terminal asks first", async (t) => {
  const shell = await serverInUse(t);
  renameSync(path.join(shell.config.data_dir, ".env"), path.join(shell.home, "lost"));

  const no = await shell.runInTerminal(reset);
  await no.shows(/Type "reset" to continue: /);
  no.types("yes\r");
  await no.shows(/Nothing was changed\./);
  assert.equal(await no.exit, 1);
  const yes = await shell.runInTerminal(reset);
  await yes.shows(/Type "reset" to continue: /);
  yes.types("reset\r");
  await yes.shows(/Next: label-studio reset_password/);
  assert.equal(await yes.exit, 0);
});
