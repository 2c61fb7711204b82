import assert from "node:assert/strict";
import { test } from "node:test";

import { createLogger } from "../../src/common/logger.ts";
import { createOutageLog } from "../../src/database/outages.ts";
import { openTestDatabase } from "../support/database.ts";

test("outages: the first failure of one is logged, whether it is an error or a warning, and what fails otherwise each time", async (t) => {
  const logged: { level: string; event?: string; msg: string }[] = [];
  const log = createLogger("debug", { write: (line: string) => void logged.push(JSON.parse(line)) });
  const stopping = new AbortController();
  const outages = createOutageLog(await openTestDatabase(t), log, stopping.signal);
  const unreachable = Object.assign(new Error("connect ECONNREFUSED"), {
    code: "ECONNREFUSED",
    syscall: "connect",
  });

  outages.warn({ err: unreachable }, "a lease was not renewed");
  outages.error({ err: unreachable }, "a job failed");
  outages.warn({ err: new Error("odd") }, "a lease was not renewed");
  outages.error({ err: new Error("odd") }, "a job failed");
  stopping.abort();

  assert.deepEqual(
    logged.map(({ event, msg }) => event ?? msg),
    ["database_unreachable", "a lease was not renewed", "a job failed"],
  );
});
