import assert from "node:assert/strict";
import { test } from "node:test";

import { Jimp } from "jimp";

import { thumbnails } from "../../../src/images/avatars.ts";
import { share, startApp } from "../../support/app.ts";
import type { Browser } from "../../support/app.ts";
import { gif, jpeg, png, smallPng, withComment } from "../../support/images.ts";
import { read } from "../../support/pages.ts";
import { waitUntil } from "../../support/wait-until.ts";

const page = "/user/account/";
const removal = "/user/account/avatar/delete";

async function upload(browser: Browser, name: string, image: Buffer): Promise<void> {
  await browser.post(page).attach("avatar", image, name).expect(303).expect("Location", "/user/account/");
}

/** Where the image of the signed-in person is, as their pages show it. */
async function address(browser: Browser): Promise<string> {
  return read(await browser.get("/user/account/").expect(200))("#preview img").attr("src") ?? "none";
}

/** Each test has people of its own here, and asserts of their images alone. */
const app = share(startApp);

const kinds: { name: string; image: () => Promise<Buffer> | Buffer; type: string }[] = [
  { name: "me.png", image: () => png(), type: "image/jpeg" },
  { name: "transparent.png", image: () => png(40, 30, { transparent: true }), type: "image/png" },
  { name: "me.jpg", image: () => jpeg(), type: "image/jpeg" },
  { name: "ME.JPEG", image: () => jpeg(), type: "image/jpeg" },
  { name: "me.gif", image: () => gif(), type: "image/jpeg" },
  { name: "largest.jpg", image: () => jpeg(1200, 1200), type: "image/jpeg" },
  { name: "a pixel.png", image: () => png(1, 1), type: "image/jpeg" },
];

for (const { name, image, type } of kinds) {
  test(`profile image: ${name} is kept as a square of 192 pixels, as ${type} (F3)`, async () => {
    const { signedIn, visitor } = await app();
    const { browser } = await signedIn();

    await upload(browser, name, await image());

    const answer = await visitor().get(await address(browser));
    assert.equal(answer.status, 200);
    assert.equal(answer.headers["content-type"], type);
    const { width, height } = await Jimp.fromBuffer(answer.body);
    assert.deepEqual([width, height], [192, 192]);
  });
}

test("profile image: it is shown in the header, among the people and on one's page, in place of initials", async () => {
  const { signedIn, repositories } = await app();
  const { browser, user } = await signedIn({ email: "ada@example.com" });
  assert.equal(
    read(await browser.get("/"))("header .avatar")
      .text()
      .trim(),
    "ad",
  );

  await repositories.avatars.replace(user.id, { type: "image/png", image: smallPng });

  const src = await address(browser);
  for (const page of ["/people/", `/people/${user.id}`]) {
    const people = read(await browser.get(page));
    assert.equal(people("header img.avatar").attr("src"), src);
    assert.equal(people("main img.avatar").attr("src"), src);
  }
});

test("profile image: nothing that came with it is kept, be it a comment or a script (F3)", async (t) => {
  const { signedIn, database } = await startApp(t);
  const { browser } = await signedIn();
  const secret = Buffer.from("<script>alert('GPS 48.2082, 16.3738')</script>");

  for (const image of [withComment(await jpeg(), secret), Buffer.concat([await jpeg(), secret])]) {
    await upload(browser, "me.jpg", image);

    const { image: stored } = await database("avatars").first();
    assert.equal(stored.indexOf("script"), -1);
    assert.equal(stored.indexOf("GPS"), -1);
  }
});

test("profile image: its name is the server's, whatever the file was called (F4)", async () => {
  const { signedIn } = await app();
  const { browser } = await signedIn();

  for (const name of ["../../etc/passwd.png", "<script>.png", "x.html.png", `${"n".repeat(300)}.png`]) {
    await upload(browser, name, smallPng);
    assert.match(await address(browser), /^\/data\/avatars\/[A-Za-z0-9]{32}\.jpg$/);
  }
});

test("profile image: a new one replaces the old, which is gone (F4)", async (t) => {
  const { signedIn, visitor, database } = await startApp(t);
  const { browser } = await signedIn();
  await upload(browser, "me.png", smallPng);
  const old = await address(browser);

  await upload(browser, "me.gif", gif());

  assert.notEqual(await address(browser), old);
  await visitor().get(old).expect(404);
  assert.equal((await database("avatars")).length, 1);
});

test("profile image: once removed it is gone, and initials are shown (F4)", async (t) => {
  const { signedIn, visitor, database, repositories } = await startApp(t);
  const { browser, user } = await signedIn({ email: "ada@example.com" });
  await repositories.avatars.replace(user.id, { type: "image/png", image: smallPng });
  const old = await address(browser);

  const account = read(await browser.get("/user/account/"));
  assert.equal(account(`form[action="${removal}"]`).length, 1);
  await browser.post(removal).expect(303).expect("Location", "/user/account/");

  await visitor().get(old).expect(404);
  assert.equal((await database("avatars")).length, 0);
  assert.equal(
    read(await browser.get("/user/account/"))("#preview .avatar")
      .text()
      .trim(),
    "ad",
  );
  await browser.post(removal).expect(303);
});

test("profile image: one's own changes, never another's, whatever the form says (F6)", async () => {
  const { signedIn, repositories } = await app();
  const ada = await signedIn();
  await repositories.avatars.replace(ada.user.id, { type: "image/png", image: smallPng });
  const before = await repositories.users.find(ada.user.id);
  const { browser } = await signedIn();

  await browser
    .post(`${page}?user_id=${ada.user.id}`)
    .field("user_id", ada.user.id)
    .attach("avatar", gif(), "me.gif")
    .expect(303);
  await browser.post(removal).type("form").send({ user_id: ada.user.id }).expect(303);

  assert.deepEqual(await repositories.users.find(ada.user.id), before);
});

test("profile image: a visitor and another site's page change none (F6, C1)", async () => {
  const { signedIn, visitor, database, repositories } = await app();
  const { browser, user } = await signedIn();
  await repositories.avatars.replace(user.id, { type: "image/png", image: smallPng });
  const before = await database("avatars").orderBy("name");

  const image = smallPng;
  await visitor().post(page).attach("avatar", image, "me.png").expect(303).expect("Location", "/user/login/");
  await visitor().post(removal).expect(303).expect("Location", "/user/login/");
  await browser.post(page).set("Origin", "https://evil.example").attach("avatar", image, "me.png").expect(403);
  await browser.post(removal).set("Sec-Fetch-Site", "cross-site").expect(403);

  assert.deepEqual(await database("avatars").orderBy("name"), before);
});

test("profile image: other requests are answered while one is made smaller", async () => {
  const { signedIn, visitor } = await app();
  const { browser } = await signedIn();
  const image = await jpeg(1200, 1200);
  let isAnswered = false;

  const uploading = upload(browser, "me.jpg", image).then(() => (isAnswered = true));
  await waitUntil("a thread makes it smaller", () => thumbnails.busy > 0, { interval: 1 });
  await visitor().get("/health").expect(200);

  assert.equal(isAnswered, false);
  await uploading;
});
