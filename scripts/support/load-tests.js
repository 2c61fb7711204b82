// Loads the test files that are named; node:test runs what they declare, one after another.
import path from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";

// Programs that tests start measure no coverage: what runs here is what is looked at.
delete process.env.NODE_V8_COVERAGE;

for (const file of process.argv.slice(2)) {
  try {
    await import(pathToFileURL(path.resolve(file)).href);
  } catch (error) {
    // A test that fails, so that the other files run.
    test(`${file} can be loaded`, () => {
      throw error;
    });
  }
}
