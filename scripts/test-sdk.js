// Walks through the API with Label Studio's own Python SDK, against the built program, and ends with the totals.
// Modules can be named: `node scripts/test-sdk.js test_tasks test_projects`.
import path from "node:path";

import { build, run } from "./support/run.js";
import { owner, startServer } from "./support/server.js";
import { makeVenv } from "./support/venv.js";

const folder = path.join("test", "sdk");
const python = makeVenv("sdk", path.join(folder, "requirements.txt"));
const built = build();
if (built !== 0) process.exit(built);

// Ctrl-C ends the walk and the servers by itself; what they leave is still removed.
process.once("SIGINT", () => undefined);
const servers = await Promise.all([startServer(), startServer({ prefix: "/labels" })]);
const [server, prefixed] = servers;
const status = run(python, [folder, ...process.argv.slice(2)], {
  ATELIER_URL: server.url,
  ATELIER_PREFIXED_URL: prefixed.url,
  ATELIER_EMAIL: owner.email,
  ATELIER_PASSWORD: owner.password,
  ATELIER_TOKEN: owner.token,
  NO_PROXY: "127.0.0.1",
  PYTHONDONTWRITEBYTECODE: "1",
});
await Promise.all(servers.map(({ stop }) => stop()));
process.exit(status);
