// Walks through the API with Label Studio's own Python SDK, against the built program, and ends with the totals.
// Old versions of the SDK are walked by walk_old_versions alone. Modules can be named, and the database: `node scripts/test-sdk.js --on=postgresql test_tasks test_projects`.
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";

import { readDatabase } from "./support/databases.js";
import { startPostgres } from "./support/postgres.js";
import { build, run } from "./support/run.js";
import { owner, program, startServer } from "./support/server.js";
import { addOldVersion, makeVenv, oldVersions } from "./support/venv.js";

const folder = path.join("test", "sdk");
const { on, rest: modules } = readDatabase(process.argv.slice(2));
const python = await makeVenv("sdk");
const built = await build();
if (built !== 0) process.exit(built);

// Ctrl-C ends the walk and the servers by itself; what they leave is still removed.
process.once("SIGINT", () => undefined);
const postgres = on === "postgresql" ? await startPostgres() : undefined;
const files = mkdtempSync(path.join(os.tmpdir(), "atelier-files-"));
const variables = { LOCAL_FILES_SERVING_ENABLED: "true", LOCAL_FILES_DOCUMENT_ROOT: files };
const servers = await Promise.all([
  startServer({ database: await postgres?.createDatabase("atelier"), variables }),
  startServer({ prefix: "/labels", database: await postgres?.createDatabase("prefixed") }),
]);
const [server, prefixed] = servers;
const env = {
  // For tests that start and stop a server of their own.
  ATELIER_NODE: process.execPath,
  ATELIER_PROGRAM: program,
  ATELIER_URL: server.url,
  // What the server serves as local files.
  ATELIER_FILES: files,
  ATELIER_PREFIXED_URL: prefixed.url,
  ATELIER_EMAIL: owner.email,
  ATELIER_PASSWORD: owner.password,
  ATELIER_TOKEN: owner.token,
  NO_PROXY: "127.0.0.1",
  PYTHONDONTWRITEBYTECODE: "1",
};
const oldWalk = "walk_old_versions";
const isOldWalk = modules.includes(oldWalk);
let status = isOldWalk ? 0 : await run(python, [folder, ...modules], env);
// After the others, who switch legacy tokens off for a moment.
for (const version of isOldWalk || modules.length === 0 ? oldVersions : []) {
  const old = await addOldVersion(python, version);
  status = (await run(python, [folder, oldWalk], { ...env, PYTHONPATH: old, ATELIER_OLD_SDK: old })) || status;
}
await Promise.all(servers.map(({ stop }) => stop()));
await postgres?.stop();
rmSync(files, { recursive: true, force: true });
process.exit(status);
