import { labelStudioVersion, versions } from "../../src/common/package.ts";
import type { Io } from "../support/io.ts";

/** Prints the version as a line and as JSON; with `json` the JSON alone. */
export function printVersion({ stdout }: Io, { json = false }: { json?: boolean | undefined } = {}): void {
  const line = `\nLabel Studio version: ${labelStudioVersion} \n\n`;
  stdout.write(`${json ? "" : line}${JSON.stringify(versions(), null, 4)}\n`);
}
