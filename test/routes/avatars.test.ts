import assert from "node:assert/strict";
import { test } from "node:test";
import type { TestContext } from "node:test";

import { startApp } from "../support/app.ts";
import { smallPng } from "../support/images.ts";

async function startWithAvatar(t: TestContext, { transparent = false } = {}) {
  const app = await startApp(t);
  const { browser, user } = await app.signedIn();
  // As an upload is saved: transparent ones as PNG, all others as JPEG.
  const type = transparent ? "image/png" : "image/jpeg";
  await app.repositories.avatars.replace(user.id, { type, image: smallPng });
  const name = (await app.repositories.users.find(user.id))?.avatar ?? "none";
  return { ...app, browser, address: `/data/avatars/${name}` };
}

test("profile images: they come as an image and nothing else (F5, H2)", async (t) => {
  const { visitor, address } = await startWithAvatar(t);

  const { headers } = await visitor().get(address).expect(200);

  assert.equal(headers["content-type"], "image/jpeg");
  assert.equal(headers["x-content-type-options"], "nosniff");
  assert.equal(headers["content-disposition"], 'inline; filename="avatar.jpg"');
  const policy = headers["content-security-policy"]?.split("; ") ?? [];
  for (const rule of [
    "sandbox",
    "default-src 'none'",
    "object-src 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ])
    assert.ok(policy.includes(rule), rule);
});

test("profile images: a transparent one says that it is a PNG", async (t) => {
  const { visitor, address } = await startWithAvatar(t, { transparent: true });

  const { headers } = await visitor().get(address).expect(200);

  assert.match(address, /\.png$/);
  assert.equal(headers["content-type"], "image/png");
  assert.equal(headers["content-disposition"], 'inline; filename="avatar.png"');
});

test("profile images: they may be kept for good, since a name never gets other content", async (t) => {
  const { visitor, address } = await startWithAvatar(t);

  const { headers } = await visitor().get(address).expect(200);

  assert.equal(headers["cache-control"], "public, max-age=31536000, immutable");
  assert.equal(headers["set-cookie"], undefined);
});

test("profile images: HEAD answers as GET does, without the image", async (t) => {
  const { visitor, address } = await startWithAvatar(t);

  const { headers } = await visitor().get(address);
  const head = await visitor().head(address).expect(200);

  assert.equal(head.headers["content-type"], headers["content-type"]);
  assert.equal(head.headers["content-length"], headers["content-length"]);
});

test("profile images: other names find nothing, and that is not kept", async (t) => {
  const { visitor, address } = await startWithAvatar(t);

  const others = [
    "/data/avatars/",
    "/data/avatars",
    "/data/avatars/nobody.png",
    address.replace(".jpg", ".png"),
    address.replace(".jpg", ".html"),
    address.toUpperCase().replace("/DATA/AVATARS", "/data/avatars"),
    "/data/avatars/%25",
    "/data/avatars/..%2f..%2f.env",
    "/data/avatars/../../.env",
    "/data/avatars/%2e%2e/%2e%2e/.env",
    "/data/",
    "/data/label_studio.sqlite3",
    "/.env",
  ];
  for (const other of others) {
    const answer = await visitor().get(other);
    assert.equal(answer.status, 404, other);
    assert.equal(answer.headers["cache-control"], "no-store");
  }
});
