import assert from "node:assert/strict";
import { test } from "node:test";

import { load } from "cheerio";
import type { Response } from "supertest";

import { loadConfig } from "../../src/config/config.ts";
import { password, startApp } from "../support/app.ts";
import type { TestApp } from "../support/app.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const browserOnPlainHttp = { "User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0" };
const https = { host: new URL("https://labels.example.com") };

function policyOf(answer: Response): Map<string, string> {
  const directives = String(answer.headers["content-security-policy"]).split(";");
  return new Map(
    directives.map((each) => [each.trim().split(" ")[0] ?? "", each.trim().split(" ").slice(1).join(" ")]),
  );
}

/** One answer of every kind, by a name for it. */
async function answersOf(app: TestApp): Promise<Record<string, Response>> {
  const { browser, user } = await app.signedIn();
  await app.repositories.avatars.replace(user.id, { type: "image/png", image: Buffer.from("image") });
  const page = load((await browser.get("/").expect(200)).text);
  const avatar = String(page("img.avatar").first().attr("src"));
  const script = String(page("script").first().attr("src"));
  const visitor = app.visitor();
  const answers = {
    page: await browser.get("/people/").expect(200),
    "page of a visitor": await visitor.get("/user/login/").expect(200),
    "form with errors": await visitor.post("/user/login/").type("form").send({}).expect(422),
    redirect: await visitor.get("/people/").expect(302),
    "redirect after a form": await browser.post("/user/account/").type("form").send({ phone: "1" }).expect(303),
    "no content": await visitor.get("/people/").set("HX-Request", "true").expect(204),
    "headers only": await browser.head("/people/").expect(200),
    json: await visitor.get("/api/version").expect(200),
    health: await visitor.get("/health").expect(200),
    script: await visitor.get(script).expect(200),
    icon: await visitor.get("/favicon.ico").expect(200),
    avatar: await visitor.get(avatar).expect(200),
    "unreadable form": await browser
      .post("/user/account/")
      .set("Content-Encoding", "x")
      .type("form")
      .send("a=b")
      .expect(415),
    forbidden: await browser.post("/user/account/").set("Sec-Fetch-Site", "cross-site").expect(403),
    "not found": await browser.get("/nowhere/<b>").expect(404),
    "avatar not found": await visitor.get("/data/avatars/none.png").expect(404),
    "not allowed": await browser.post("/people/").expect(405),
    "too large": await browser
      .post("/user/account/")
      .type("form")
      .send({ phone: "1".repeat(70_000) })
      .expect(413),
    options: await visitor.options("/people/"),
  };
  await app.database.schema.dropTable("user_search_terms");
  return { ...answers, "our error": await browser.get("/people/?q=ada").expect(500) };
}

test("headers: every answer forbids what is inline, what is foreign, and being framed (H1)", async (t) => {
  for (const [name, answer] of Object.entries(await answersOf(await startApp(t)))) {
    const policy = policyOf(answer);
    assert.equal(policy.get("default-src"), "'none'", name);
    assert.equal(policy.get("object-src"), "'none'", name);
    assert.equal(policy.get("base-uri"), "'none'", name);
    assert.equal(policy.get("frame-ancestors"), "'none'", name);
    assert.ok(["'self'", undefined].includes(policy.get("script-src")), name);
    assert.doesNotMatch(String(answer.headers["content-security-policy"]), /unsafe|http:|\*/, name);
  }
});

test("headers: only the sites that the configuration names may show pages in a frame (H1)", async (t) => {
  const app = await startApp(t, { frame_ancestors: ["'self'", "https://portal.example.com"] });

  for (const [name, answer] of Object.entries(await answersOf(app))) {
    if (name === "avatar") continue;
    assert.equal(policyOf(answer).get("frame-ancestors"), "'self' https://portal.example.com", name);
    assert.equal(answer.headers["x-frame-options"], undefined, name);
  }
  const { headers } = await (await startApp(t)).visitor().get("/user/login/");
  assert.equal(headers["x-frame-options"], "DENY");
});

test("headers: pages hold no script, style or handler of their own (H1)", async (t) => {
  for (const [name, answer] of Object.entries(await answersOf(await startApp(t)))) {
    if (answer.type !== "text/html" || !answer.text) continue;
    const $ = load(answer.text);
    assert.equal($("script:not([src]), style, [style], iframe, base").length, 0, name);
    const attributes = $("*")
      .toArray()
      .flatMap((element) => Object.keys($(element).attr() ?? {}));
    assert.deepEqual(
      attributes.filter((attribute) => /^(on|hx-on)/.test(attribute)),
      [],
      name,
    );
  }
});

test("headers: every answer keeps its type, tells no other site where from, and shares no window (H2)", async (t) => {
  for (const [name, { headers }] of Object.entries(await answersOf(await startApp(t)))) {
    assert.equal(headers["x-content-type-options"], "nosniff", name);
    assert.equal(headers["referrer-policy"], "same-origin", name);
    assert.equal(headers["cross-origin-opener-policy"], "same-origin", name);
    assert.equal(headers["x-powered-by"], undefined, name);
  }
});

test("headers: an avatar is shown as an image and as nothing else (H1, H2)", async (t) => {
  const { avatar } = await answersOf(await startApp(t));

  assert.equal(avatar?.headers["content-type"], "image/png");
  assert.equal(policyOf(avatar).get("sandbox"), "");
});

test("headers: over https browsers are told to stay there for a year, unless it is turned off (H3)", async (t) => {
  const hstsOf = async (settings: Parameters<typeof startApp>[1]) =>
    (await (await startApp(t, settings)).visitor().get("/version")).headers["strict-transport-security"];

  assert.equal(await hstsOf(https), "max-age=31536000");
  assert.equal(await hstsOf({ ...https, hsts_seconds: 63_072_000 }), "max-age=63072000");
  assert.equal(await hstsOf({ ...https, hsts_seconds: 0 }), undefined);
  assert.equal(await hstsOf({}), undefined);
  assert.equal(loadConfig({ data_dir: temporaryFolder(t) }, { LABEL_STUDIO_HSTS_SECONDS: "0" }).hsts_seconds, 0);
});

test("headers: nobody keeps a page; only files whose address changes with them are kept (H4)", async (t) => {
  for (const [name, { headers }] of Object.entries(await answersOf(await startApp(t)))) {
    const isFile = ["script", "avatar"].includes(name);
    const expected = isFile ? "public, max-age=31536000, immutable" : "no-store";
    assert.equal(headers["cache-control"], name === "icon" ? "public, max-age=86400" : expected, name);
  }
});

test("headers: pages whose address or text is an invitation send it nowhere (H5)", async (t) => {
  const { signedIn, visitor, repositories } = await startApp(t);
  const { browser } = await signedIn();
  const signup = `/user/signup/?token=${await repositories.organizations.inviteToken(1)}`;
  const policy = async (response: Promise<Response>) => (await response).headers["referrer-policy"];

  for (const headers of [{ ...browserOnPlainHttp, "Sec-Fetch-Site": "none" }, { "User-Agent": "curl/8" }]) {
    assert.equal(await policy(visitor().get(signup).set(headers)), "no-referrer");
    assert.equal(await policy(visitor().post(signup).set(headers)), "no-referrer");
    assert.equal(await policy(visitor().get("/user/signup/?token=wrong").set(headers)), "no-referrer");
    assert.equal(await policy(browser.get("/people/invite").set(headers)), "no-referrer");
  }
  // Such a browser would send `Origin: null` with the form, and be refused.
  assert.equal(await policy(visitor().get(signup).set(browserOnPlainHttp)), "same-origin");
});

test("headers: an invitation is taken from a browser on plain http (H5, C3)", async (t) => {
  const { visitor, repositories } = await startApp(t, { disable_signup_without_link: true });
  await repositories.users.create({ email: "ada@example.com", password });
  const signup = `/user/signup/?token=${await repositories.organizations.inviteToken(1)}`;
  const requestHeaders = { ...browserOnPlainHttp, Host: "labels.lan:8080", Origin: "http://labels.lan:8080" };

  await visitor()
    .post(signup)
    .set(requestHeaders)
    .type("form")
    .send({ email: "bob@example.com", password })
    .expect(303);
});

test("headers: no other site's script is let in (H7)", async (t) => {
  const app = await startApp(t);
  const { browser } = await app.signedIn();
  const requestHeaders = { Origin: "https://evil.example", "Access-Control-Request-Method": "POST" };

  for (const answer of [
    await browser.get("/people/").set(requestHeaders),
    await browser.get("/api/version").set(requestHeaders),
    await browser.options("/user/account/").set(requestHeaders),
    await browser.post("/user/account/").set(requestHeaders),
  ]) {
    assert.deepEqual(
      Object.keys(answer.headers).filter((name) => name.startsWith("access-control-")),
      [],
    );
  }
});

test("headers: a request that no answer can satisfy is answered with all of them (H1, H2)", async (t) => {
  const { visitor } = await startApp(t);

  const answer = await visitor().get("/user/signup/").set("Accept-Encoding", "identity;q=0");

  assert.ok(answer.status < 500, `${answer.status}`);
  assert.equal(policyOf(answer).get("default-src"), "'none'");
  assert.equal(answer.headers["x-content-type-options"], "nosniff");
});
