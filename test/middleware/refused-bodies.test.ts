import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import http from "node:http";
import { test } from "node:test";
import { gzipSync } from "node:zlib";

import { startApi } from "../support/api.ts";
import { share } from "../support/app.ts";

const json = { "Content-Type": "application/json" };
const form = { "Content-Type": "application/x-www-form-urlencoded" };
const multipart = { "Content-Type": "multipart/form-data; boundary=x" };
const part = (name: string) => `--x\r\nContent-Disposition: form-data; name="${name}"; filename="a.png"\r\n\r\n`;
const large = Buffer.alloc(1_200_000, "a");

const refused: { what: string; method?: string; path: string; headers: Record<string, string>; body: Buffer }[] = [
  { what: "too much JSON", path: "/api/jwt/settings", headers: json, body: large },
  {
    what: "JSON that becomes too much",
    path: "/api/jwt/settings",
    headers: { ...json, "Content-Encoding": "gzip" },
    body: gzipSync(randomBytes(900_000).toString("hex")),
  },
  {
    what: "JSON that is not compressed as it says",
    path: "/api/jwt/settings",
    headers: { ...json, "Content-Encoding": "gzip" },
    body: large.subarray(0, 900_000),
  },
  { what: "a form that is too long", path: "/user/login/", headers: form, body: large },
  {
    what: "an image that is too large",
    path: "/api/users/1/avatar/",
    headers: multipart,
    body: Buffer.concat([Buffer.from(part("avatar")), large, Buffer.from("\r\n--x--\r\n")]),
  },
  {
    what: "a multipart body that is none",
    path: "/api/users/1/avatar/",
    headers: multipart,
    body: Buffer.concat([Buffer.from(`--x\r\n${"a".repeat(100)}\r\n`), large]),
  },
  {
    what: "a body without credentials",
    path: "/api/tasks/",
    headers: { ...json, Authorization: "Token x" },
    body: large,
  },
];

const shared = share(startApi);

for (const { what, path, headers, body } of refused) {
  test(`refused bodies: after ${what} the connection takes the next request, which may be somebody else's behind a proxy (X1)`, async (t) => {
    const { port, owner } = await shared();
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    t.after(() => agent.destroy());
    const ask = async (options: http.RequestOptions, sent?: Buffer) =>
      new Promise<{ status: number | undefined; isReused: boolean }>((resolve, reject) => {
        // The server itself ends a connection on which nothing happens after five seconds.
        const signal = AbortSignal.timeout(4_000);
        const request = http.request({ port, host: "127.0.0.1", agent, signal, ...options });
        request.on("error", reject).on("response", (answer) => {
          answer.resume().on("end", () => resolve({ status: answer.statusCode, isReused: request.reusedSocket }));
        });
        request.end(sent);
      });

    const all = { Authorization: `Token ${owner.token}`, ...headers, "Content-Length": body.length };
    const { status = 0 } = await ask({ method: "POST", path, headers: all }, body);
    assert.ok(status >= 400 && status < 500, `it is refused: ${status}`);

    assert.deepEqual(await ask({ path: "/version" }), { status: 200, isReused: true });
  });
}
