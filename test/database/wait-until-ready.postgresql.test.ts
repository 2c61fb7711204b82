import assert from "node:assert/strict";
import net from "node:net";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";

import selfsigned from "selfsigned";

import { freePort } from "../../scripts/support/ports.js";
import { startPostgres } from "../../scripts/support/postgres.js";
import { waitUntilReady } from "../../src/database/wait-until-ready.ts";
import { DatabaseError } from "../../src/database/errors.ts";
import { postgresLocation } from "../../src/database/location.ts";
import { waitFor } from "../support/wait-until.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const server = process.env.ATELIER_TEST_POSTGRES ?? "";

/** Why a database can't be used, and what was said while it was waited for; undefined when it answers. */
async function connectionFailure(
  address: string,
  wait = 0,
): Promise<{ message: string; progress: string[] } | undefined> {
  const location = postgresLocation(address);
  const progress: string[] = [];
  try {
    await waitUntilReady(location, { waitSeconds: wait, onRetry: (line) => progress.push(line) });
    return undefined;
  } catch (error) {
    assert.ok(error instanceof DatabaseError, String(error));
    assert.doesNotMatch(error.message + progress.join(""), /secret word|\n/);
    return { message: error.message, progress };
  }
}

function changed(parts: Partial<Pick<URL, "username" | "password" | "pathname" | "port" | "host">>): string {
  return Object.assign(new URL(server), parts).href;
}

test("PostgreSQL: a server that answers is used", async () => {
  assert.equal(await connectionFailure(server), undefined);
});

test("PostgreSQL: who is refused is told in one line why, and what to look at", async () => {
  const nobody = await connectionFailure(changed({ username: "nobody", password: "secret word" }), 60);
  assert.match(
    nobody?.message ?? "",
    /^The database postgresql:\/\/127\.0\.0\.1:\d+\/postgres can't be used \(.*"nobody".*\): .*POSTGRE_USER/,
  );
  assert.match(
    (await connectionFailure(changed({ password: "secret word" })))?.message ?? "",
    /password authentication failed/,
  );
  assert.match(
    (await connectionFailure(changed({ pathname: "/missing" })))?.message ?? "",
    /"missing" does not exist.*POSTGRE_NAME/,
  );
});

test("PostgreSQL: a server that is not there is told in one line, with how to wait for it", async () => {
  const gone = await connectionFailure(changed({ port: String(await freePort()) }));

  assert.match(gone?.message ?? "", /ECONNREFUSED.*see that it runs.*LABEL_STUDIO_DATABASE_WAIT/);
  assert.deepEqual(gone?.progress, []);
});

test("PostgreSQL: a server that is not there is waited for as long as was asked for, and that is said", async () => {
  const gone = await connectionFailure(changed({ port: String(await freePort()) }), 1);

  assert.match(gone?.message ?? "", /can't be used for 1 seconds \(.*ECONNREFUSED/);
  assert.match(
    gone?.progress[0] ?? "",
    /^Waiting for the database postgresql:.*ECONNREFUSED.*1 seconds more at most\.$/,
  );
});

test("PostgreSQL: a server that comes while it is waited for is used", async (t) => {
  const port = await freePort();
  const real = new URL(server);
  const later = setTimeout(() => {
    const relay = net.createServer((socket) => {
      const to = net.connect(Number(real.port), real.hostname);
      socket.pipe(to).pipe(socket);
      for (const end of [socket, to]) end.on("error", () => undefined);
    });
    relay.listen(port, "127.0.0.1");
    t.after(async () => {
      relay.close();
      await waitFor("the relay to close", once(relay, "close"));
    });
  }, 300);
  t.after(() => clearTimeout(later));

  assert.equal(await connectionFailure(changed({ port: String(port) }), 30), undefined);
});

test("PostgreSQL: TLS is spoken as sslmode and sslrootcert say", async (t) => {
  const folder = temporaryFolder(t);
  const { cert, private: key } = await selfsigned.generate([{ name: "commonName", value: "localhost" }], {
    extensions: [{ name: "subjectAltName", altNames: [{ type: 2, value: "localhost" }] }],
  });
  const right = path.join(folder, "right.pem");
  const wrong = path.join(folder, "wrong.pem");
  writeFileSync(right, cert);
  writeFileSync(wrong, (await selfsigned.generate()).cert);
  const tls = await startPostgres({ tls: { cert, key } });
  t.after(() => tls.stop());
  const { port } = new URL(tls.url);
  const why = async (host: string, parameters: string) =>
    (await connectionFailure(`postgresql://postgres:postgres@${host}:${port}/postgres?${parameters}`))?.message ??
    "answers";

  assert.equal(await why("localhost", "sslmode=disable"), "answers");
  assert.equal(await why("localhost", "sslmode=require"), "answers");
  assert.match(await why("localhost", "sslmode=verify-full"), /self-signed certificate/);
  assert.equal(await why("localhost", `sslmode=verify-full&sslrootcert=${right}`), "answers");
  assert.match(await why("localhost", `sslmode=verify-full&sslrootcert=${wrong}`), /certificate/);
  assert.equal(await why("127.0.0.1", `sslmode=verify-ca&sslrootcert=${right}`), "answers");
  assert.match(
    await why("127.0.0.1", `sslmode=verify-full&sslrootcert=${right}`),
    /IP: 127\.0\.0\.1 is not in the cert/,
  );
  assert.match(await why("localhost", `sslmode=require&sslrootcert=${wrong}`), /certificate/);
});

test("PostgreSQL: a server that speaks no TLS is not spoken to without, where TLS was asked for", async () => {
  assert.match((await connectionFailure(`${server}?sslmode=require`))?.message ?? "", /does not support SSL/);
});
