import { setTimeout } from "node:timers/promises";

import { generate } from "otplib";
import type { Response } from "supertest";

import { password } from "./app.ts";
import type { Browser, TestApp } from "./app.ts";
import { read } from "./pages.ts";

export const twoFactorPage = "/user/account/two-factor";

const step = 30_000;

/** How long a code of the step before has to count at least, in milliseconds. */
const soon = 2000;

/** The code that an app shows, so many steps of 30 seconds from now; where one would be too old soon, that of a step later. */
export async function codeOf(secret: string, steps = 0): Promise<string> {
  const left = step - (Date.now() % step);
  if (steps < 0 && left < soon) await setTimeout(left);
  return generate({ secret, epoch: Math.floor(Date.now() / 1000) + steps * 30 });
}

/** What the page of setting it up shows and holds. */
export function readSetup(page: Response): { secret: string; sealed: string } {
  const shown = read(page);
  return { secret: shown(".setup-step code").text().replaceAll(" ", ""), sealed: String(shown("[name=sealed]").val()) };
}

/** Sets up a second factor on the page. The code that is used up is that of the step before, so that the present one still counts. */
export async function setUpTwoFactor(browser: Browser): Promise<{ secret: string; codes: string[] }> {
  const { secret, sealed } = readSetup(await browser.get(twoFactorPage).expect(200));
  const code = await codeOf(secret, -1);
  const answer = await browser
    .post(twoFactorPage)
    .type("form")
    .send({ sealed, code, current_password: password })
    .expect(200);
  return { secret, codes: read(answer)("#codes").text().split("\n") };
}

/** A new browser in which this person has typed their password, with the answer to that. */
export async function typePassword(
  { visitor }: Pick<TestApp, "visitor">,
  email: string,
  fields: object = {},
): Promise<{ browser: Browser; answer: Response }> {
  const browser = visitor();
  const answer = await browser
    .post("/user/login/")
    .type("form")
    .send({ email, password, ...fields });
  return { browser, answer };
}
