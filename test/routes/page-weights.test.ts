import assert from "node:assert/strict";
import http from "node:http";
import { test } from "node:test";
import { brotliCompressSync, brotliDecompressSync } from "node:zlib";

import { load } from "cheerio";

import { startApp } from "../support/app.ts";
import { sessionOf } from "../support/cookies.ts";
import { addLongRows } from "../support/long-rows.ts";

/** Bytes of a page besides what people wrote in its rows, and of the page. */
const most = { besides: 4.75 * 1024, in_all: 6.25 * 1024 };

/** Bytes of the page of a new project; its headers take what is left of 4,000. */
const newProject = 3250;

/** Bytes of a page and of all files that it names; their headers take what is left of 40,000. */
const firstVisit = 36_250;

test("page weights: fifty long rows take little besides their texts", async (t) => {
  const app = await startApp(t);
  const { browser, user } = await app.signedIn({ email: "ada@example.com" });

  for (const address of await addLongRows(app, user)) {
    const page = await receive(app.port, address, sessionOf(browser));
    const rows = load(brotliDecompressSync(page).toString())("tbody tr");
    const texts = brotliCompressSync(rows.find("bdi").text());

    assert.equal(rows.length, 50, address);
    assert.ok(page.length - texts.length < most.besides, `${address}: ${page.length} - ${texts.length} bytes`);
    assert.ok(page.length < most.in_all, `${address}: ${page.length} bytes`);
  }
});

test("page weights: a new project comes with all its previews in four kilobytes", async (t) => {
  const app = await startApp(t);
  const { browser } = await app.signedIn({ email: "ada@example.com" });

  const page = await receive(app.port, "/projects/new", sessionOf(browser));

  assert.ok(page.length < newProject, `${page.length} bytes`);
});

test("page weights: a first page of fifty rows comes with all that it loads in forty kilobytes", async (t) => {
  const app = await startApp(t);
  const { browser, user } = await app.signedIn({ email: "ada@example.com" });
  const [address = ""] = await addLongRows(app, user);

  const page = await receive(app.port, address, sessionOf(browser));
  const loaded =
    brotliDecompressSync(page)
      .toString()
      .match(/\/static\/\w+\/[\w.-]+/g) ?? [];

  const sizes = new Map([[address, page.length]]);
  for (const file of new Set(loaded)) sizes.set(file, (await receive(app.port, file, "")).length);
  const sum = [...sizes.values()].reduce((all, size) => all + size);
  assert.ok(sizes.size > 5);
  assert.ok(sum < firstVisit, JSON.stringify([sum, ...sizes]));
});

/** As a browser that has every encoding. */
async function receive(port: number, path: string, cookie: string): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const headers = { cookie, "accept-encoding": "gzip, deflate, br, zstd" };
    const request = http.get({ port, path, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => void chunks.push(chunk));
      response.on("end", () => {
        resolve(Buffer.concat(chunks));
      });
    });
    request.on("error", reject);
  });
}
