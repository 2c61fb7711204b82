import { test } from "node:test";

import { minutesFromNow, now } from "../../src/common/timestamps.ts";
import { password, startApp } from "../support/app.ts";
import { openContext } from "../support/chromium.ts";
import { newPage, logIn } from "../support/walk.ts";

for (const javaScriptEnabled of [true, false])
  test(`take-out ${javaScriptEnabled ? "with JavaScript: shows by itself when it is ready" : "without JavaScript: is there after a reload"}`, async (t) => {
    const app = await startApp(t);
    const email = "ada@example.com";
    const { id: user_id } = await app.repositories.users.create({ email, password });
    // As another server makes it, which takes a while.
    const job = {
      user_id,
      status: "in_progress",
      created_at: now(),
      lease: "another",
      leased_until: minutesFromNow(9),
    };
    await app.database("take_outs").insert(job);
    const baseURL = `http://127.0.0.1:${app.port}`;
    const page = await newPage(t, await openContext({ baseURL, javaScriptEnabled }));
    await page.goto("/user/login/");
    await logIn(page, email, password);
    await page.goto("/user/account/data");
    await page.getByText("It is being made.").waitFor();

    await app.database("take_outs").update({ status: "completed", finished_at: now() });

    if (!javaScriptEnabled) await page.getByRole("link", { name: "Reload" }).click();
    await page.getByText("Ready since").waitFor();
    await page.getByRole("link", { name: "Download", exact: true }).waitFor();
    await page.getByRole("button", { name: "Make it again" }).waitFor();
  });
