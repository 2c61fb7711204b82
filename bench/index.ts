import { bulk } from "./bulk.ts";
import { capacity } from "./capacity.ts";
import { guard } from "./guard.ts";
import { againstLabelStudio } from "./label-studio.ts";
import { logInAnswers } from "./log-in-answers.ts";
import { millionPeople } from "./million-people.ts";
import { millionTasks } from "./million-tasks.ts";
import { otherNode } from "./other-node.ts";
import { measurePages } from "./pages.ts";
import { people } from "./people.ts";
import { printRatios, readRatios, saveRatios } from "./ratios.ts";
import type { Ratio } from "./ratios.ts";
import { routes } from "./routes.ts";
import { stallsOnPostgres, stallsOnSqlite } from "./stalls.ts";
import { start } from "./start.ts";
import { synchronousCommits } from "./synchronous-commits.ts";
import { taskFiltersOnPostgres, taskFiltersOnSqlite } from "./task-filters.ts";
import { uploads } from "./uploads.ts";

/** What has targets: their figures stand in bench/ratios.json. */
const withTargets: Record<string, () => Promise<Ratio[]>> = {
  routes: () => routes(),
  start: () => start(),
  pages: measurePages,
  people,
  bulk,
  stalls: stallsOnSqlite,
  "stalls-postgresql": stallsOnPostgres,
  "label-studio": againstLabelStudio,
};

/** What only prints figures, by which something was decided. */
const others: Record<string, () => Promise<void>> = {
  "log-in-answers": logInAnswers,
  "million-tasks": millionTasks,
  "million-people": millionPeople,
  "task-filters": taskFiltersOnSqlite,
  "task-filters-postgresql": taskFiltersOnPostgres,
  "synchronous-commits": synchronousCommits,
  capacity,
  uploads,
  "other-node": otherNode,
  guard,
};

// npm run bench: everything that has a target, and a table of each. `npm run bench -- start million-people` for some;
// `npm run bench -- guard` compares a few of them with the table, as CI does.
const named = process.argv.slice(2);
const unknown = named.filter((name) => !(name in withTargets) && !(name in others));
if (unknown.length > 0) {
  const names = [...Object.keys(withTargets), ...Object.keys(others)];
  console.error(`There is no ${unknown.join(", ")}: choose among ${names.join(", ")}.`);
  process.exit(2);
}
for (const name of named.length > 0 ? named : Object.keys(withTargets)) {
  await others[name]?.();
  const rows = (await withTargets[name]?.()) ?? [];
  if (rows.length === 0) continue;
  printRatios(rows);
  saveRatios(name, rows);
}
if (named.length === 0)
  for (const [name, rows] of Object.entries(readRatios())) {
    console.log(`\n${name}:`);
    printRatios(rows);
  }
