import { labelStudioVersion } from "../src/common/package.ts";
import { versions } from "../src/presenters/version.ts";

export function printVersion(): void {
  process.stdout.write(`\nLabel Studio version: ${labelStudioVersion} \n\n${JSON.stringify(versions(), null, 4)}\n`);
}
