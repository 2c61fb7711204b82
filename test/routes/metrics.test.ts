import assert from "node:assert/strict";
import { test } from "node:test";

import { startApp } from "../support/app.ts";

const metrics_token = "token-for-prometheus";

test("metrics: there is nothing at the address unless the configuration names who may read them (G3)", async (t) => {
  const { request } = await startApp(t);

  await request().get("/metrics").expect(404);
  await request().get("/metrics").set("Authorization", "Bearer undefined").expect(404);
});

test("metrics: whoever has the token reads them, and nobody else (G3)", async (t) => {
  const { request, signedIn } = await startApp(t, { metrics_token });

  const answer = await request().get("/metrics").set("Authorization", `Bearer ${metrics_token}`).expect(200);

  assert.match(answer.headers["content-type"] ?? "", /^text\/plain; version=0\.0\.4/);
  assert.match(answer.text, /^process_resident_memory_bytes \d+/m);
  assert.match(answer.text, /^nodejs_eventloop_lag_p99_seconds /m);
  assert.match(answer.text, /^atelier_info\{version="[\d.]+"\} 1$/m);
  assert.match(answer.text, /^atelier_database_connections\{state="used"\} \d+$/m);
  for (const wrong of ["", "Bearer", "Bearer another", `Basic ${metrics_token}`, metrics_token])
    await request().get("/metrics").set("Authorization", wrong).expect(404);
  await (await signedIn()).browser.get("/metrics").expect(404);
});

test("metrics: an address has to be in the networks as it connects and as a proxy says (G3)", async (t) => {
  const from = async (metrics_networks: string[], client?: string) => {
    const { request } = await startApp(t, { metrics_networks });
    const asked = request().get("/metrics");
    return (await (client ? asked.set("X-Forwarded-For", client) : asked)).status;
  };

  assert.equal(await from(["127.0.0.1"]), 200);
  assert.equal(await from(["10.0.0.0/8"]), 404);
  assert.equal(await from(["10.0.0.0/8"], "10.0.0.5"), 404, "the proxy is not in it");
  assert.equal(await from(["127.0.0.1"], "203.0.113.5"), 404, "the client is not in it");
  assert.equal(await from(["127.0.0.1", "10.0.0.0/8"], "10.0.0.5"), 200);
});

test("metrics: requests are counted by the pattern of their address and their status", async (t) => {
  const { request, signedIn } = await startApp(t, { metrics_token });
  const { browser, user } = await signedIn();
  await browser.get(`/people/${user.id}`).expect(200);
  await browser.get("/people/999").expect(404);
  await browser.get("/api/users/999/").expect(404);
  await request().get("/nowhere/at/all").expect(404);

  const { text } = await request().get("/metrics").set("Authorization", `Bearer ${metrics_token}`).expect(200);

  const count = (route: string, status: number) =>
    text.includes(`http_request_duration_seconds_count{method="GET",route="${route}",status="${status}"} 1\n`);
  for (const [route, status] of [
    ["/people/:id", 200],
    ["/people/:id", 404],
    ["/api/users/:id/", 404],
    ["none", 404],
  ] as const)
    assert.ok(
      count(route, status),
      `${route} ${status} in:\n${text.match(/^http_request_duration_seconds_count.*$/gm)?.join("\n")}`,
    );
});
