import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

import type { Result } from "axe-core";
import type { Page } from "playwright-core";

/** What axe finds wrong on a page as it is now, as sentences. */
export async function violationsOf(page: Page): Promise<string[]> {
  await page.evaluate(readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8"));
  const { violations } = (await page.evaluate("axe.run({ resultTypes: ['violations'] })")) as { violations: Result[] };
  return violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ html }) => html.slice(0, 200)).join(" ")}`); // prettier-ignore
}
