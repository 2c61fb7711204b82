// Takes pictures of all pages, at two widths and in both schemes: `npm run pictures [-- NAME…]`, into pictures/.
// --no-javascript and --forced-colors take them so; --readme puts those of the README into docs/pictures/.
import { mkdirSync } from "node:fs";
import path from "node:path";

import type { BrowserContextOptions, Page } from "playwright-core";

import { startApp } from "../support/app.ts";
import { addCookie, sessionOf } from "../support/cookies.ts";
import { launchChromium } from "../support/launch-chromium.ts";
import { buildHarbor } from "./harbor.ts";
import { pictures } from "./pages.ts";
import type { Picture } from "./pages.ts";

const flags = process.argv.slice(2).filter((each) => each.startsWith("--"));
const names = process.argv.slice(2).filter((each) => !each.startsWith("--"));
const isForReadme = flags.includes("--readme");
const folder = isForReadme ? path.join("docs", "pictures") : "pictures";
mkdirSync(folder, { recursive: true });

const endings: (() => unknown)[] = [];
const app = await startApp({ after: (work) => void endings.push(work) });
const harbor = await buildHarbor(app);
const chromium = await launchChromium();

/** One session of each person, however many pictures are theirs, as `Cookie` headers. */
const sessions = new Map<string, string>();

async function sessionOfPerson(email: string): Promise<string> {
  const user = harbor.people.find((each) => each.email === email);
  if (!user) throw new Error(`There is no ${email}.`);
  const session = sessions.get(email) ?? sessionOf(await app.browserOf(user));
  sessions.set(email, session);
  return session;
}

async function take(picture: Picture, width: number, colorScheme: "light" | "dark"): Promise<void> {
  const url = `http://127.0.0.1:${app.port}`;
  const options: BrowserContextOptions = {
    baseURL: url,
    viewport: { width, height: width < 600 ? 844 : 800 },
    colorScheme,
    javaScriptEnabled: !flags.includes("--no-javascript"),
    forcedColors: flags.includes("--forced-colors") ? "active" : "none",
    timezoneId: "Europe/Berlin",
  };
  const context = await chromium.newContext(options);
  if (picture.as) await addCookie(context, url, await sessionOfPerson(picture.as));
  const page: Page = await context.newPage();
  await page.goto(picture.address(harbor));
  await picture.act?.(page);
  const name = isForReadme ? picture.name : `${picture.name}-${width}-${colorScheme}`;
  const file = path.join(folder, `${name}.png`);
  await page.screenshot({ path: file, fullPage: !isForReadme && !picture.is_endless });
  await context.close();
}

for (const picture of pictures) {
  if (names.length > 0 && !names.includes(picture.name)) continue;
  if (isForReadme && !picture.readme) continue;
  for (const width of isForReadme ? [1280] : [1280, 390])
    for (const scheme of isForReadme && picture.readme ? [picture.readme] : (["light", "dark"] as const))
      await take(picture, width, scheme);
  console.log(picture.name);
}
await chromium.close();
for (const work of endings) await work();
process.exit(0);
