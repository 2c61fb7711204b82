import assert from "node:assert/strict";
import { test } from "node:test";

import { Router } from "@koa/router";
import Koa from "koa";
import supertest from "supertest";

import { rememberMatches } from "../../src/routes/remember-matches.ts";

/** Two routers after one another, as the server has. */
function start() {
  const app = new Koa();
  const first = rememberMatches(new Router());
  const second = rememberMatches(new Router());
  first.get("/both", (_ctx, next) => next());
  second.get("/both", (ctx) => void (ctx.body = "both"));
  second.get("/tasks/:id", (ctx) => void (ctx.body = ctx.params.id));
  second.post("/tasks/:id", (ctx) => void (ctx.body = `${ctx.params.id} saved`));
  second.get("/count", (ctx) => void (ctx.body = String(ctx.matched?.length)));
  for (const router of [first, second]) app.use(router.routes()).use(router.allowedMethods());
  return supertest(app.callback());
}

test("routes: an address that is remembered leads where it led before", async () => {
  const server = start();

  for (const _ of [1, 2, 3]) {
    await server.get("/both").expect(200, "both");
    await server.get("/tasks/7").expect(200, "7");
    await server.post("/tasks/7").expect(200, "7 saved");
    await server.get("/elsewhere").expect(404);
  }
});

test("routes: each address has its own parameters", async () => {
  const server = start();

  for (const id of ["1", "2", "1", "a%20b"]) await server.get(`/tasks/${id}`).expect(200, decodeURIComponent(id));
});

test("routes: what one router remembers is not what the next one adds", async () => {
  const server = start();

  for (const _ of [1, 2, 3]) await server.get("/count").expect(200, "1");
});

test("routes: a method that an address does not have is refused each time", async () => {
  const server = start();

  for (const _ of [1, 2, 3]) {
    const { headers } = await server.put("/both").expect(405);
    assert.equal(headers.allow, "HEAD, GET");
  }
});

test("routes: long addresses, and more than are remembered, lead somewhere as well", async () => {
  const server = start();
  const long = "x".repeat(300);

  for (const _ of [1, 2]) await server.get(`/tasks/${long}`).expect(200, long);
  for (let id = 0; id < 1100; id++) await server.get(`/tasks/${id}`).expect(200, String(id));
  await server.get("/tasks/0").expect(200, "0");
});
