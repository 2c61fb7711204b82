import { after } from "node:test";

import type { Browser, BrowserContext, BrowserContextOptions } from "playwright-core";

import { launchChromium } from "./launch-chromium.ts";

let browser: Promise<Browser> | undefined;

/** The browser of this process; closed when all of its tests have ended. */
function sharedBrowser(): Promise<Browser> {
  return (browser ??= launchChromium());
}

after(async () => {
  await (await browser)?.close();
});

/** What has no part in a test: pixels of the screen that nobody sees (what CSS calls a pixel stays the same), and motion. */
const withLittleToDraw: BrowserContextOptions = { deviceScaleFactor: 0.25, reducedMotion: "reduce" };

/** What a person has open: pages and cookies that others do not see. A wait for something on a page ends after 20 seconds. */
export async function openContext(options: BrowserContextOptions): Promise<BrowserContext> {
  const context = await (await sharedBrowser()).newContext({ ...withLittleToDraw, ...options });
  context.setDefaultTimeout(20_000);
  return context;
}
