import assert from "node:assert/strict";
import { once } from "node:events";
import http from "node:http";
import net from "node:net";
import { text } from "node:stream/consumers";
import { test } from "node:test";

import { version } from "../../src/common/package.ts";
import { locationName } from "../../src/database/location.ts";
import { password } from "../support/app.ts";
import { openShell, openShellInProcess } from "../support/command.ts";
import { addPersonWithProject } from "../support/imports.ts";
import { waitFor, waitUntil } from "../support/wait-until.ts";

const email = "ada@example.com";
const start = ["start", "--no-browser", "--port", "0"];

/** Well below the 10 seconds after which a server closes connections that are in use. */
const limit = 7_000;

for (const signal of ["SIGTERM", "SIGINT"] as const) {
  test(`stop: ${signal} ends with 0, after a request under way is answered`, async (t) => {
    const { serve, openRepositories } = openShell(t);
    await (await openRepositories()).users.create({ email, password });
    const server = await serve(start);

    const { finish } = await beginLogIn(server.url, new http.Agent());
    const ended = server.stop(signal);
    await refusesConnections(server.url);

    assert.equal((await finish()).statusCode, 303);
    assert.equal((await ended).code, 0);
  });
}

test("stop: after the last answer it ends at once, though the browser would keep the connection", async (t) => {
  const { serve, openRepositories } = openShellInProcess(t);
  await (await openRepositories()).users.create({ email, password });
  const server = await serve(start);
  const agent = new http.Agent({ keepAlive: true });
  t.after(() => agent.destroy());

  const { finish } = await beginLogIn(server.url, agent);
  const ended = server.stop();
  await refusesConnections(server.url);
  await finish();

  assert.equal((await waitFor("the end of the server", ended, { limit })).code, 0);
});

test("stop: a connection that a browser keeps for its next request is no reason to wait", async (t) => {
  const { serve } = openShellInProcess(t);
  const server = await serve(start);
  const agent = new http.Agent({ keepAlive: true });
  t.after(() => agent.destroy());
  const request = http.get(new URL("health", server.url), { agent });
  const [answer] = (await waitFor("an answer", once(request, "response"))) as [http.IncomingMessage];
  answer.resume();
  await waitFor("the end of the answer", once(answer, "end"));

  const outcome = await waitFor("the end of the server", server.stop(), { limit });

  assert.equal(outcome.code, 0);
});

test("stop: a connection on which nothing was ever asked is no reason to wait", async (t) => {
  const { serve } = openShellInProcess(t);
  const server = await serve(start);
  const socket = net.connect(Number(new URL(server.url).port), "localhost").on("error", () => undefined);
  t.after(() => socket.destroy());
  await waitFor("a connection", once(socket, "connect"));
  await fetch(new URL("health", server.url), { headers: { connection: "close" } });

  const outcome = await waitFor("the end of the server", server.stop(), { limit });

  assert.equal(outcome.code, 0);
});

test("stop: while the last requests are finished, others on kept connections are told to come back", async (t) => {
  const { serve, openRepositories } = openShellInProcess(t);
  await (await openRepositories()).users.create({ email, password });
  const server = await serve(start);
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  t.after(() => agent.destroy());
  const ask = async (page: string) => {
    const request = http.get(new URL(page, server.url), { agent });
    const [answer] = (await waitFor("an answer", once(request, "response"))) as [http.IncomingMessage];
    return { answer, body: await text(answer), isKept: request.reusedSocket };
  };
  await ask("health");

  const { finish } = await beginLogIn(server.url, new http.Agent());
  const ended = server.stop();
  await refusesConnections(server.url);
  const { answer, body, isKept } = await ask("api/version");
  await finish();

  assert.equal(isKept, true);
  assert.equal(answer.statusCode, 503);
  assert.match(body, /"detail":"The server is stopping\. /);
  assert.equal(answer.headers.connection, "close");
  assert.match(answer.headers["retry-after"] ?? "", /^\d+$/);
  assert.equal((await waitFor("the end of the server", ended, { limit })).code, 0);
});

test("stop: an upload that does not end is cut off, and nothing stays of it", async (t) => {
  const { serve, openRepositories, openDatabase } = openShellInProcess(t);
  const repositories = await openRepositories();
  const { token, project } = await addPersonWithProject(repositories, email);
  const server = await serve(start);
  const database = await openDatabase();
  const headers = { Authorization: `Token ${token}`, "Content-Type": "application/json", "Content-Length": 1_000_000 };
  const url = new URL(`api/projects/${project.id}/import`, server.url);
  const upload = http.request(url, { method: "POST", headers }).on("error", () => undefined);
  t.after(() => upload.destroy());
  upload.write("[".padEnd(500_000));
  await waitUntil("some of it is stored", async () => (await database("stored_file_chunks").first()) !== undefined);

  const { code, stderr } = await waitFor("the end of the server", server.stop(), { limit: 15_000 });

  assert.deepEqual([code, stderr.match(/acquir/i)], [0, null]);
  assert.deepEqual(await database("stored_files"), []);
});

test("stop: the log says when the server began, of which version and over which database, and when it ended", async (t) => {
  const { serve, config } = openShellInProcess(t);
  const server = await serve(start);

  const { stderr } = await server.stop();

  const lines = stderr
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  const [began, ended] = [lines.find(({ event }) => event === "sys_startup"), lines.at(-1)];
  assert.deepEqual(
    { ...began, time: "" },
    {
      level: "info",
      time: "",
      event: "sys_startup",
      version,
      address: server.url,
      database: locationName(config.database),
      node: process.versions.node,
      msg: "started",
    },
  );
  assert.deepEqual([ended?.event, ended?.msg], ["sys_shutdown", "stopped"]);
});

/** Sends the head of a log-in, and waits until the server asks for the rest. */
async function beginLogIn(url: string, agent: http.Agent): Promise<{ finish: () => Promise<http.IncomingMessage> }> {
  const form = new URLSearchParams({ email, password }).toString();
  const headers = {
    "Content-Type": "application/x-www-form-urlencoded",
    "Content-Length": form.length,
    Expect: "100-continue",
  };
  const request = http.request(new URL("user/login/", url), { method: "POST", headers, agent });
  request.flushHeaders();
  await waitFor("the server to ask for the body", once(request, "continue"));
  return {
    async finish() {
      request.end(form);
      const [answer] = (await waitFor("an answer", once(request, "response"))) as [http.IncomingMessage];
      return answer.resume();
    },
  };
}

async function refusesConnections(url: string): Promise<void> {
  const { hostname, port } = new URL(url);
  await waitUntil("the server refuses connections", async () => {
    const socket = net.connect(Number(port), hostname);
    const outcome = await Promise.race([
      once(socket, "connect").then(() => "open"),
      once(socket, "error").then(() => "refused"),
    ]).catch(() => "refused");
    socket.destroy();
    return outcome === "refused";
  });
}
