// Walks through the built program in Chromium behind nginx, Caddy and HAProxy, and prints which set-up needs which setting.
// Some can be named: `node scripts/test-proxies.js nginx https path`.
import { existsSync } from "node:fs";
import path from "node:path";

import { build, run } from "./support/run.js";

const packages = { nginx: "nginx-light", caddy: "caddy", haproxy: "haproxy" };

// Debian keeps servers where only root's PATH leads.
const folders = [...(process.env.PATH ?? "").split(path.delimiter), "/usr/sbin", "/usr/local/sbin"];
const missing = Object.keys(packages).filter((name) => !folders.some((folder) => existsSync(path.join(folder, name))));
if (missing.length > 0) {
  console.error(
    `${missing.join(", ")} not found: apt-get install -y ${missing.map((name) => packages[name]).join(" ")}`,
  );
  process.exit(1);
}
const built = await build();
if (built !== 0) process.exit(built);

const proxies = path.join("test", "proxies", "index.ts");
process.exit(
  await run(process.execPath, ["--import", "tsx", proxies, ...process.argv.slice(2)], {
    PATH: folders.join(path.delimiter),
  }),
);
