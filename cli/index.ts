// The entry of the program from its sources; that of the build is built.ts.
import { run } from "./program.ts";
import { runProcess } from "./support/run-process.ts";

await runProcess(run);
