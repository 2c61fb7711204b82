import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";

import type { TestHooks } from "./test-hooks.ts";

/** A new folder, which is deleted when the test has ended. */
export function temporaryFolder(t: TestHooks): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), "atelier-test-"));
  t.after(async () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
