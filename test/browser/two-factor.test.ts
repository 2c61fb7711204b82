import assert from "node:assert/strict";
import { test } from "node:test";

import { password, startApp } from "../support/app.ts";
import { openContext } from "../support/chromium.ts";
import { codeOf } from "../support/two-factor.ts";

for (const javaScriptEnabled of [true, false]) {
  test(`two-factor ${javaScriptEnabled ? "with" : "without"} JavaScript: it is set up, asked for at log-in, and a recovery code gets in, too`, async (t) => {
    const app = await startApp(t);
    const email = "ada@example.com";
    const { id } = await app.repositories.users.create({ email, password });
    const context = await openContext({ baseURL: `http://127.0.0.1:${app.port}`, javaScriptEnabled });
    t.after(() => context.close());
    const page = await context.newPage();
    const typePassword = async () => {
      await page.getByLabel("Email").fill(email);
      await page.getByLabel("Password", { exact: true }).fill(password);
      await page.getByRole("button", { name: "Log in" }).click();
    };
    await page.goto("/user/login/?next=/user/account/two-factor");
    await typePassword();

    const secret = (await page.locator(".setup-step code").innerText()).replaceAll(" ", "");
    await page.getByRole("img", { name: "QR code of the key" }).waitFor();
    await page.getByLabel("Code", { exact: true }).fill(await codeOf(secret, -1));
    await page.getByLabel("Your password").fill(password);
    await page.getByRole("button", { name: "Turn on" }).click();
    await page.getByText("Shown only now").waitFor();
    const codes = (await page.locator("#codes").innerText()).trim().split("\n");
    assert.equal(codes.length, 10);
    assert.equal(await page.getByRole("button", { name: "Copy all" }).isVisible(), javaScriptEnabled);
    const downloading = page.waitForEvent("download");
    await page.getByRole("button", { name: "Download" }).click();
    assert.equal((await downloading).suggestedFilename(), "atelier-recovery-codes.txt");
    await page.getByRole("link", { name: "I have saved them" }).click();
    await page.getByText("10 of 10 left").waitFor();

    const logOut = () => context.clearCookies();
    await logOut();
    await page.goto("/user/login/");
    await typePassword();
    await page.getByLabel("Code", { exact: true }).fill("000000");
    await page.getByRole("button", { name: "Log in" }).click();
    await page.getByText("doesn’t match").waitFor();
    await page.getByLabel("Code", { exact: true }).fill(await codeOf(secret));
    await page.getByRole("button", { name: "Log in" }).click();
    await page.getByRole("heading", { name: "Welcome" }).waitFor();

    await logOut();
    await page.goto("/user/login/");
    await typePassword();
    await page.getByRole("link", { name: "Use a recovery code" }).click();
    await page.getByLabel("Recovery code", { exact: true }).fill(codes[0] ?? "");
    await page.getByRole("button", { name: "Log in" }).click();
    await page.getByText("9 recovery codes left").waitFor();

    await page.goto("/user/account/two-factor");
    await page.getByRole("button", { name: "Turn off…" }).click();
    await page.locator("#password-delete").fill(password);
    await page.getByRole("button", { name: "Turn off", exact: true }).click();
    await page.getByText("Two-factor turned off").waitFor();
    assert.equal(await app.repositories.twoFactor.isEnabled(id), false);
  });
}
