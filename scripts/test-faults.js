// Breaks servers, databases, disks, clocks and connections while clients work, and prints what was lost or doubled. A file can be
// named for the table: `node scripts/test-faults.js table.md`.
import path from "node:path";

import { build, run } from "./support/run.js";

const built = await build();
if (built !== 0) process.exit(built);
const faults = path.join("test", "faults", "index.ts");
process.exit(await run(process.execPath, ["--import", "tsx", faults, ...process.argv.slice(2)]));
