// Takes pictures of all pages: see test/pictures/index.ts.
import path from "node:path";

import { build, run } from "./support/run.js";

const built = await build();
if (built !== 0) process.exit(built);
const pictures = path.join("test", "pictures", "index.ts");
process.exit(await run(process.execPath, ["--import", "tsx", pictures, ...process.argv.slice(2)]));
