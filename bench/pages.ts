import path from "node:path";

import type { Browser, BrowserContext, CDPSession, Page } from "playwright-core";

import { closeDatabase } from "../src/database/close.ts";
import { parseLocation } from "../src/database/location.ts";
import { openDatabase } from "../src/database/open.ts";
import { createRepositories } from "../src/repositories/index.ts";
import { launchChromium } from "../test/support/launch-chromium.ts";
import { addLongRows } from "../test/support/long-rows.ts";
import { median } from "./median.ts";
import type { Ratio } from "./ratios.ts";
import { secret_key, signUp, startServer } from "./server.ts";
import type { MeasuredServer } from "./server.ts";

const addresses = ["/", "/people/1", "/people/invite", "/user/account/", "/projects/", "/projects/new"];

const mostBytesFirst = 40_000;
const mostBytesFurther = 4000;
const slowdown = 4;
const rounds = 5;
const mostMilliseconds = 1000;

/** What came over the wire, with headers; without what the browser had kept. */
interface Received {
  answers: number;
  bytes: number;
}

/** Waits until the page is there and still, and counts what it took. */
type Visit = (address: string) => Promise<Received>;

/**
 * Counts what Chromium receives on a first visit to People, with 50 rows of long names, and on further pages; and measures when the
 * largest part of People is painted, on a processor slowed down by four, and how much moves afterwards.
 */
export async function measurePages(): Promise<Ratio[]> {
  const server = await startServer({ LABEL_STUDIO_SECRET_KEY: secret_key });
  const cookie = await signUp(server);
  const lists = await addRows(server);
  const browser = await launchChromium();
  try {
    const context = await openContext(browser, server, cookie);
    const page = await context.newPage();
    const visit = visitor(page, await context.newCDPSession(page));
    const first = await visit("/people/");
    const further: [string, Received][] = [];
    let shift = 0;
    for (const address of [...addresses, ...lists]) {
      // Its own picture or script, if it has one, is fetched once.
      await visit(address);
      further.push([address, await visit(address)]);
      shift = Math.max(shift, await layoutShift(page));
    }
    await context.close();
    const bytes = (what: string, ratio: number, target: number): Ratio => ({ what, ratio, target, unit: "bytes" });
    return [
      bytes("First visit to People, 50 rows", first.bytes, mostBytesFirst),
      ...further.map(([address, received]) => bytes(`${address} afterwards`, received.bytes, mostBytesFurther)),
      {
        what: "Answers for a further page",
        ratio: Math.max(...further.map(([, { answers }]) => answers)),
        target: 1,
        unit: "answers",
      },
      { what: "The most that moves on a page by itself", ratio: shift, target: 0, unit: "points" },
      ...(await measurePaint(browser, server, cookie)),
    ];
  } finally {
    await browser.close();
    await server.stop();
  }
}

function visitor(page: Page, session: CDPSession): Visit {
  const received: Received = { answers: 0, bytes: 0 };
  const kept = new Set<string>();
  session.on("Network.requestServedFromCache", ({ requestId }) => void kept.add(requestId));
  session.on("Network.responseReceived", ({ requestId, response }) => {
    if (response.fromDiskCache) kept.add(requestId);
  });
  session.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
    if (kept.has(requestId)) return;
    received.answers++;
    received.bytes += encodedDataLength;
  });
  return async (address) => {
    await session.send("Network.enable");
    Object.assign(received, { answers: 0, bytes: 0 });
    await page.goto(address, { waitUntil: "networkidle" });
    return { ...received };
  };
}

async function measurePaint(browser: Browser, server: MeasuredServer, cookie: string): Promise<Ratio[]> {
  const times: number[] = [];
  const shifts: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const context = await openContext(browser, server, cookie);
    const page = await context.newPage();
    const session = await context.newCDPSession(page);
    await session.send("Emulation.setCPUThrottlingRate", { rate: slowdown });
    await page.goto("/people/", { waitUntil: "networkidle" });
    const paint = await page.evaluate<number>(
      entriesOf("largest-contentful-paint", "entries.at(-1)?.startTime ?? Number.NaN"),
    );
    shifts.push(await layoutShift(page));
    times.push(paint);
    await context.close();
  }
  const where = `People, 50 rows, processor slowed down by ${slowdown}`;
  return [
    { what: `${where}: largest contentful paint`, ratio: median(times), target: mostMilliseconds, unit: "ms" },
    { what: `${where}: layout shift`, ratio: median(shifts), target: 0, unit: "points" },
  ];
}

/** How much of the page has moved so far without anybody doing something, as Chromium scores it. */
async function layoutShift(page: Page): Promise<number> {
  return page.evaluate<number>(entriesOf("layout-shift", "entries.reduce((sum, { value }) => sum + value, 0)"));
}

/** A script that gives what an expression makes of the browser's `entries` of a type. */
function entriesOf(type: string, expression: string): string {
  return `new Promise((resolve) => {
    const entries = [];
    new PerformanceObserver((list) => entries.push(...list.getEntries())).observe({ type: "${type}", buffered: true });
    setTimeout(() => resolve(${expression}), 300);
  })`;
}

async function openContext(browser: Browser, { address }: MeasuredServer, cookie: string): Promise<BrowserContext> {
  const context = await browser.newContext({ baseURL: address });
  await context.addCookies(
    cookie.split("; ").map((pair) => {
      const [name = "", value = ""] = pair.split("=", 2);
      return { name, value, url: address };
    }),
  );
  return context;
}

/** Returns the addresses of the lists. */
async function addRows({ data_dir }: MeasuredServer): Promise<string[]> {
  const database = openDatabase(parseLocation(path.join(data_dir, "label_studio.sqlite3")));
  const repositories = createRepositories(database, { secret_key, password_cost: 4 });
  const addresses = await addLongRows({ repositories, database }, { id: 1 });
  await closeDatabase(database);
  return addresses;
}
