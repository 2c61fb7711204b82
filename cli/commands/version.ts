import { labelStudioVersion, versions } from "../../src/common/package.ts";
import type { Io } from "../support/io.ts";

export function printVersion({ stdout }: Io): void {
  stdout.write(`\nLabel Studio version: ${labelStudioVersion} \n\n${JSON.stringify(versions(), null, 4)}\n`);
}
