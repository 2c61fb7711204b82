import assert from "node:assert/strict";
import { once } from "node:events";
import http from "node:http";
import net from "node:net";
import { test } from "node:test";

import { password } from "../support/app.ts";
import { openShell, openShellInProcess } from "../support/command.ts";
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
