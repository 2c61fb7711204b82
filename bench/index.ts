import { capacity } from "./capacity.ts";
import { firstPage } from "./first-page.ts";
import { logInAnswers } from "./log-in-answers.ts";
import { millionTasks } from "./million-tasks.ts";
import { pageWeights } from "./page-weights.ts";

// npm run bench: figures for the README, measured on the machine it runs on.
await firstPage();
await logInAnswers();
await pageWeights();
await millionTasks();
await capacity();
