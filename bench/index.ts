import { bulk } from "./bulk.ts";
import { capacity } from "./capacity.ts";
import { firstPage } from "./first-page.ts";
import { logInAnswers } from "./log-in-answers.ts";
import { millionPeople } from "./million-people.ts";
import { millionTasks } from "./million-tasks.ts";
import { pageWeights } from "./page-weights.ts";
import { people } from "./people.ts";
import { reportRatios } from "./ratios.ts";
import { routes } from "./routes.ts";
import { stallsOnPostgres, stallsOnSqlite } from "./stalls.ts";
import { start } from "./start.ts";
import { synchronousCommits } from "./synchronous-commits.ts";
import { taskFiltersOnPostgres, taskFiltersOnSqlite } from "./task-filters.ts";
import { uploads } from "./uploads.ts";

const all: Record<string, () => Promise<void>> = {
  "first-page": firstPage,
  start: async () => reportRatios("start", await start()),
  "log-in-answers": logInAnswers,
  "page-weights": pageWeights,
  routes: async () => reportRatios("routes", await routes()),
  bulk: async () => reportRatios("bulk", await bulk()),
  "million-tasks": millionTasks,
  people: async () => reportRatios("people", await people()),
  "million-people": millionPeople,
  "task-filters": taskFiltersOnSqlite,
  "task-filters-postgresql": taskFiltersOnPostgres,
  stalls: async () => reportRatios("stalls", await stallsOnSqlite()),
  "stalls-postgresql": async () => reportRatios("stalls-postgresql", await stallsOnPostgres()),
  "synchronous-commits": synchronousCommits,
  capacity,
  uploads,
};

// npm run bench: figures for the README, measured on the machine it runs on. `npm run bench -- million-people` for one.
const chosen = process.argv.slice(2);
const unknown = chosen.filter((name) => !(name in all));
if (unknown.length > 0) {
  console.error(`There is no ${unknown.join(", ")}: choose among ${Object.keys(all).join(", ")}.`);
  process.exit(2);
}
for (const [name, measure] of Object.entries(all)) if (!chosen.length || chosen.includes(name)) await measure();
