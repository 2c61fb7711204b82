import assert from "node:assert/strict";
import net from "node:net";
import { test } from "node:test";

import { load } from "cheerio";

import { startPostgres } from "../../scripts/support/postgres.js";
import { isUnreachable } from "../../src/database/errors.ts";
import { migrate } from "../../src/database/migrate.ts";
import { openDatabase } from "../../src/database/open.ts";
import { parseLocation } from "../../src/database/location.ts";
import type { PostgresLocation } from "../../src/database/location.ts";
import { startApp } from "../support/app.ts";
import { locationWithSchema } from "../support/database.ts";
import { listen } from "../support/listen.ts";
import { waitUntil } from "../support/wait-until.ts";

test("database gone: pages, API and health say so, and work again by themselves once it is back", async (t) => {
  const postgres = await startPostgres();
  t.after(() => postgres.stop());
  const database = openDatabase(parseLocation(postgres.url));
  t.after(() => database.destroy());
  await migrate(database);
  const { signedIn, visitor, logged } = await startApp(t, {}, database);
  const { browser } = await signedIn();
  const outages = () => logged.filter((line) => /"event":"database_/.test(line));

  await postgres.pause();

  const page = await browser.get("/people/").expect(503);
  assert.equal(page.headers["retry-after"], "5");
  assert.equal(load(page.text)("h1").text(), "The database can’t be reached");
  const answer = await browser.get("/api/current-user/whoami").expect(503);
  assert.equal(answer.headers["retry-after"], "5");
  assert.equal(answer.body.status_code, 503);
  assert.match(answer.body.detail, /^The database can't be reached\. Wait a moment, then try again\./);
  await browser.post("/user/account/").type("form").send({ first_name: "Ada", last_name: "", phone: "" }).expect(503);
  const health = await visitor().get("/health").expect(503);
  assert.deepEqual([health.text, health.headers["retry-after"]], ['{"status":"DOWN"}', "5"]);
  const ready = await visitor().get("/ready").expect(503);
  assert.deepEqual(ready.body, { ready: false, database: "unreachable", migrations: "unknown" });

  await postgres.resume();

  await browser.get("/people/").expect(200);
  await browser.get("/api/current-user/whoami").expect(200);
  const back = await visitor().get("/health").expect(200);
  assert.equal(back.text, '{"status":"UP"}');
  await visitor().get("/ready").expect(200);
  await waitUntil("the end of the outage is logged", () => outages().length > 1);
  assert.deepEqual(
    outages().map((line) => (JSON.parse(line) as { event: string }).event),
    ["database_unreachable", "database_reachable"],
    "one line for its beginning, one for its end",
  );
  assert.equal(logged.filter((line) => line.includes("request failed")).length, 0);
});

test("database gone: a statement that is under way ends as one whose connection is lost", async (t) => {
  const { host, port, ...location } = (await locationWithSchema(t)) as PostgresLocation;
  // In between, since a server that stops says so first.
  const relay = net.createServer((socket) => {
    socket.on("error", () => undefined).on("data", (bytes) => (sent += bytes.toString("latin1")));
    const onward = net.connect(Number(port), host).on("error", () => undefined);
    socket.pipe(onward).pipe(socket);
    sockets.push(socket, onward);
  });
  const sockets: net.Socket[] = [];
  let sent = "";
  const database = openDatabase({ ...location, host: "127.0.0.1", port: await listen(t, relay) });
  t.after(() => database.destroy());

  const failure = database.raw("select pg_sleep(60)").then(
    () => undefined,
    (error: unknown) => error,
  );
  await waitUntil("the statement is sent", () => sent.includes("pg_sleep"));
  for (const socket of sockets) socket.destroy();

  assert.ok(isUnreachable(await failure));
});

test("database gone: whoever waits too long for a connection is told the same", async (t) => {
  const database = openDatabase(await locationWithSchema(t), { connections: 1 });
  t.after(() => database.destroy());
  const { visitor } = await startApp(t, {}, database);
  const { acquireTimeoutMillis } = database.client.pool;

  await database.transaction(async () => {
    // Not before, since the first connection may take longer than this to be opened.
    database.client.pool.acquireTimeoutMillis = 50;
    await visitor().get("/user/login/").expect(503).expect("Retry-After", "5");
  });
  database.client.pool.acquireTimeoutMillis = acquireTimeoutMillis;

  await visitor().get("/user/signup/").expect(200);
});
