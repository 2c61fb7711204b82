import assert from "node:assert/strict";
import { test } from "node:test";
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";

import { startApi } from "../support/api.ts";

const encodings = { br: brotliCompressSync, gzip: gzipSync, deflate: deflateSync };

/** A form that is far larger than any may be. */
const content = Buffer.from(`email=${"a".repeat(5_000_000)}`);

const readers: [string, string][] = [
  ["/user/login/", "application/x-www-form-urlencoded"],
  ["/user/signup/", "application/x-www-form-urlencoded"],
  ["/projects/1/settings", "application/x-www-form-urlencoded"],
  ["/user/account/", "multipart/form-data; boundary=x"],
  ["/projects/1/import", "multipart/form-data; boundary=x"],
  ["/api/projects/", "application/json"],
  ["/api/projects/1/import", "application/json"],
  ["/api/projects/1/import", "multipart/form-data; boundary=x"],
  ["/api/users/1/avatar/", "multipart/form-data; boundary=x"],
];

for (const [encoding, compress] of Object.entries(encodings)) {
  test(`compressed bodies: one by ${encoding} that breaks off is refused by everything that reads bodies`, async (t) => {
    const { owner, visitor, browserOf } = await startApi(t);
    const whole = compress(content);
    const body = whole.subarray(0, whole.length - 4);

    for (const browser of [visitor(), await browserOf(owner.user)])
      for (const [path, type] of readers) {
        const headers = { "Content-Encoding": encoding, "Content-Type": type };
        const answer = await browser.post(path).set(headers).send(body);
        assert.equal(answer.status, 415, path);
      }
    await owner.script("get", "/api/current-user/whoami").expect(200);
  });
}

test("compressed bodies: one that says it is none is read", async (t) => {
  const { visitor } = await startApi(t);

  await visitor().post("/user/login/").type("form").set("Content-Encoding", "identity").send("email=a").expect(422);
});
