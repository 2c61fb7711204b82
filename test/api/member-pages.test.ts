import assert from "node:assert/strict";
import { test } from "node:test";

import type { Config } from "../../src/config/config.ts";
import { startApi } from "../support/api.ts";
import type { ApiApp } from "../support/api.ts";
import { share } from "../support/app.ts";
import type { TestHooks } from "../support/test-hooks.ts";
import { assertRefused } from "../support/refusals.ts";

const list = "/api/organizations/1/memberships";

const host = { Host: "labels.lan:8080" };
const here = `http://labels.lan:8080${list}`;

/** An organization of this many members. */
async function startWithMembers(t: TestHooks, count: number, settings: Partial<Config> = {}): Promise<ApiApp> {
  const app = await startApi(t, settings);
  for (let created = 1; created < count; created++) await app.member();
  return app;
}

/** The tests only read. */
const three = share(async (t) => startWithMembers(t, 3));
const twentyOne = share(async (t) => startWithMembers(t, 21));

const ids = (body: { results: { user: { id: number } }[] }) => body.results.map(({ user }) => user.id);

test("api member pages: a page has the requested size, and links to the pages beside it", async (t) => {
  const { owner } = await startWithMembers(t, 5);
  const page = async (query: string) => (await owner.script("get", `${list}?${query}`).set(host).expect(200)).body;

  const [first, second, third] = [
    await page("page_size=2"),
    await page("page=2&page_size=2"),
    await page("page_size=2&page=3"),
  ];

  assert.deepEqual([first.count, first.results.length], [5, 2]);
  assert.deepEqual([first.next, first.previous], [`${here}?page=2&page_size=2`, null]);
  assert.deepEqual([second.next, second.previous], [`${here}?page=3&page_size=2`, `${here}?page_size=2`]);
  assert.deepEqual([third.next, third.previous], [null, `${here}?page=2&page_size=2`]);
  assert.equal(third.results.length, 1);
  assert.deepEqual(new Set([...ids(first), ...ids(second), ...ids(third)]), new Set([1, 2, 3, 4, 5]));
});

test("api member pages: the links keep the other query parameters", async () => {
  const { owner } = await three();

  const query = "page_size=1&contributed_to_projects=true&search=%C3%A4+b%26c&page=2";
  const { body } = await owner.script("get", `${list}?${query}`).set(host).expect(200);

  const otherParameters = "page_size=1&search=%C3%A4+b%26c";
  assert.equal(body.next, `${here}?contributed_to_projects=true&page=3&${otherParameters}`);
  assert.equal(body.previous, `${here}?contributed_to_projects=true&${otherParameters}`);
});

test("api member pages: the links lead through the whole list, and back without a number to the first", async () => {
  const { owner } = await twentyOne();
  const follow = async (link: string) => {
    const { pathname, search } = new URL(link);
    return (
      await owner
        .script("get", pathname + search)
        .set(host)
        .expect(200)
    ).body;
  };

  const first = (await owner.script("get", list).set(host)).body;
  const second = await follow(first.next);

  assert.equal(new Set([...ids(first), ...ids(second)]).size, 21);
  assert.equal(new URL(second.previous).search, "");
  assert.deepEqual(await follow(second.previous), first);
});

for (const query of ["", "?page_size=0", "?page_size=x", "?page_size=", "?page_size=1.5", "?page_size=-2"]) {
  test(`api member pages: "${query}" means 20 a page`, async () => {
    const { owner } = await twentyOne();

    const { body } = await owner.script("get", list + query).expect(200);

    assert.deepEqual([body.count, body.results.length], [21, 20]);
    assert.notEqual(body.next, null);
  });
}

for (const query of ["page_size=-1", "page_size=21", "page_size=1000", "page_size=999999999"]) {
  test(`api member pages: ${query} is everybody`, async () => {
    const { owner } = await twentyOne();

    const { body } = await owner.script("get", `${list}?${query}`).expect(200);

    assert.deepEqual([body.count, body.results.length], [21, 21]);
    assert.deepEqual([body.next, body.previous], [null, null]);
  });
}

test("api member pages: the last page has a name", async () => {
  const { owner } = await three();
  const last = (await owner.script("get", `${list}?page_size=2&page=2`).set(host).expect(200)).body;

  assert.deepEqual((await owner.script("get", `${list}?page_size=2&page=last`).set(host).expect(200)).body, last);
});

test("api member pages: the page after the last is empty, so that the SDK's loop ends", async () => {
  const { owner } = await three();

  for (const [query, previous] of [
    ["page=2", here],
    ["page=3&page_size=2", `${here}?page=2&page_size=2`],
    ["page=2&page_size=3", `${here}?page_size=3`],
    ["page=2&page_size=-1", `${here}?page_size=-1`],
  ]) {
    const { body } = await owner.script("get", `${list}?${query}`).set(host).expect(200);
    assert.deepEqual(body, { count: 3, next: null, previous, results: [] }, query);
  }
});

for (const query of ["page=", "page=01"]) {
  test(`api member pages: ${query} is the first page`, async () => {
    const { owner } = await three();

    const { body } = await owner.script("get", `${list}?${query}`).expect(200);

    assert.deepEqual([body.results.length, body.previous], [3, null]);
  });
}

for (const query of ["page=3", "page=99", "page=0", "page=-1", "page=x", "page=1.5", "page=99999999999"]) {
  test(`api member pages: ${query} is no page, which is a 404 in JSON`, async () => {
    const { owner } = await three();

    assertRefused(await owner.script("get", `${list}?${query}`), { status: 404, detail: "Invalid page." });
  });
}

test("api member pages: the links are the configured host's, whatever anybody says", async (t) => {
  const { owner } = await startWithMembers(t, 3, {
    host: new URL("https://labels.example.com/x"),
    base_path: "/x",
    trusted_proxies: ["loopback"],
    allowed_hosts: ["evil.example"],
  });

  for (const [path, headers] of [
    [list, { Host: "evil.example" }],
    [`/x${list}`, { "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "http" }],
  ] as [string, Record<string, string>][]) {
    const { body } = await owner.script("get", `${path}?page_size=1&page=2`).set(headers).expect(200);
    const links = `https://labels.example.com/x${list}`;
    assert.equal(body.next, `${links}?page=3&page_size=1`);
    assert.equal(body.previous, `${links}?page_size=1`);
  }
});

test("api member pages: the links are the request's own without a configured host, never a forged one (L3)", async (t) => {
  const { owner } = await startWithMembers(t, 2, { trusted_proxies: [] });
  const forged = { "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https", Forwarded: "host=evil.example" };

  const { body } = await owner.script("get", `${list}?page_size=1`).set({ ...host, ...forged });

  assert.equal(body.next, `${here}?page=2&page_size=1`);
});

test("api member pages: behind a trusted proxy the links have the address of the client's request (L3)", async (t) => {
  const { owner } = await startWithMembers(t, 2, { trusted_proxies: ["loopback"] });
  const forwarded = { "X-Forwarded-Host": "labels.example.com", "X-Forwarded-Proto": "https" };

  const { body } = await owner.script("get", `${list}?page_size=1`).set({ ...host, ...forwarded });

  assert.equal(body.next, `https://labels.example.com${list}?page=2&page_size=1`);
});
