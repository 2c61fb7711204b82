import assert from "node:assert/strict";
import { test } from "node:test";

import { password } from "../support/app.ts";
import { openContext } from "../support/chromium.ts";
import { openShell } from "../support/command.ts";
import { ada, bob, invitationLink, logIn, newPage, signUp, walk } from "../support/walk.ts";

test("walk without JavaScript: from the first sign-up to a new password", async (t) => {
  const { run, serve } = openShell(t);
  const { url } = await serve(["start", "--no-browser", "--port", "0"]);
  const visitor = async () => newPage(t, await openContext({ baseURL: url, javaScriptEnabled: false }));

  // With JavaScript it leads through three servers (three-servers.postgresql.test.ts).
  await walk({ visitor, run, javaScriptEnabled: false });
});

test("walk: sign-up by invitation only, and a new link that replaces the old one", async (t) => {
  const { serve } = openShell(t, { LABEL_STUDIO_DISABLE_SIGNUP_WITHOUT_LINK: "true" });
  const first = ["--username", ada, "--password", password];
  const { url } = await serve(["start", "--no-browser", "--port", "0", ...first]);
  const visitor = async () => newPage(t, await openContext({ baseURL: url }));

  const page = await visitor();
  await page.goto("/");
  await logIn(page, ada, password);
  const oldLink = await invitationLink(page);
  const field = page.getByLabel("Invitation link");
  await page.evaluate("window.marker = true");
  await page.getByRole("button", { name: "Reset Link…" }).click();
  await page.getByRole("button", { name: "Reset Link", exact: true }).click();
  await page.getByText("New link ready. The old one no longer works.").waitFor();
  const newLink = await field.inputValue();
  assert.notEqual(newLink, oldLink);
  assert.equal(await page.evaluate("window.marker === true"), true);

  const guest = await visitor();
  const closed = await guest.goto("/user/signup/");
  assert.equal(closed?.status(), 403);
  await guest.getByRole("heading", { name: "Sign-up is by invitation" }).waitFor();
  const dead = await guest.goto(oldLink);
  assert.equal(dead?.status(), 403);
  await guest.getByRole("heading", { name: "This invitation link no longer works" }).waitFor();
  await guest.getByText("Ask the person who sent it").waitFor();
  await signUp(guest, newLink, bob);
  await guest.waitForURL((url) => url.pathname === "/");
});
