// Sends bad requests to the built program: generated ones to pages and API, then with schemathesis what the API's own OpenAPI
// document allows and forbids. Each ends with its totals. `--on=postgresql` has the program use PostgreSQL.
//
// `--requests 100000` sends so many generated ones and leaves schemathesis away, which needs Python; `--seed 7` makes others.
// Without it, the other arguments are those of schemathesis.
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";

import { readDatabase } from "./support/databases.js";
import { startPostgres } from "./support/postgres.js";
import { build, root, run } from "./support/run.js";
import { owner, startServer } from "./support/server.js";
import { makeVenv } from "./support/venv.js";

const { on = "sqlite", rest } = readDatabase(process.argv.slice(2));
// The same requests each time, so that a change is judged by what it changed: `-- --seed 7` asks others.
const options = ["--max-examples", "15", "--seed", "1", ...rest];
const fewest = 5000;

const folder = path.join(root, "test", "fuzz");
const isGeneratedOnly = rest.some((argument) => argument.startsWith("--requests"));
const python = isGeneratedOnly ? undefined : await makeVenv("fuzz");
const built = await build();
if (built !== 0) process.exit(built);

const generated = ["--import", "tsx", path.join(folder, "index.ts"), `--on=${on}`, ...(isGeneratedOnly ? rest : [])];
const generatedStatus = await run(process.execPath, generated, {}, root, 120);
if (isGeneratedOnly) process.exit(generatedStatus);

process.once("SIGINT", () => undefined);
const postgres = on === "postgresql" ? await startPostgres() : undefined;
const { url, stop } = await startServer({ database: await postgres?.createDatabase("atelier") });
const reports = mkdtempSync(path.join(os.tmpdir(), "atelier-fuzz-"));
const junit = path.join(reports, "junit.xml");
const json = path.join(reports, "report.json");
const command = ["-m", "schemathesis.cli", "--no-color", "--config-file", path.join(folder, "schemathesis.toml")];
command.push(
  "run",
  `${url}docs/api/schema/json/`,
  "--report-junit-path",
  junit,
  "--report-json-path",
  json,
  ...options,
);
const env = {
  ATELIER_URL: url,
  ATELIER_EMAIL: owner.email,
  ATELIER_PASSWORD: owner.password,
  NO_PROXY: "127.0.0.1",
  PYTHONPATH: folder,
  PYTHONDONTWRITEBYTECODE: "1",
};
// It leaves notes of its own where it runs.
const status = await run(python, command, env, reports);
await stop();
await postgres?.stop();
// They are missing or empty when it was killed.
const [junitText, jsonText] = [junit, json].map((file) => (existsSync(file) ? readFileSync(file, "utf8") : ""));
rmSync(reports, { recursive: true });
const summary = /<testsuites [^>]*>/.exec(junitText)?.[0];
if (!summary || !jsonText) {
  console.error(`schemathesis ended with exit code ${status} and without a report.`);
  console.log("0 passed, 1 failed");
  process.exit(1);
}
const requests = JSON.parse(jsonText).test_cases.generated;

const count = (name) => Number(new RegExp(` ${name}="(\\d+)"`).exec(summary)[1]);
const failed = count("failures") + count("errors");
const tooFew = requests < fewest && !process.argv.includes("--include-path");
if (tooFew) console.error(`Only ${requests} requests were made, where ${fewest} are wanted: raise --max-examples.`);
console.log(`${requests} requests, to every call and through them in turn:`);
console.log(`${count("tests") - failed} passed, ${failed + (tooFew ? 1 : 0)} failed`);
process.exit(generatedStatus || status || (tooFew ? 1 : 0));
