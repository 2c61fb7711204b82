import { counterVerification } from "../../src/repositories/counters/verify-counters.ts";
import type { Difference } from "../../src/repositories/counters/verify-counters.ts";
import { CommandError } from "../support/command-error.ts";
import { readExistingConfig } from "../support/config.ts";
import { printLine } from "../support/io.ts";
import type { Io } from "../support/io.ts";
import type { CommandOptions } from "../support/options.ts";
import { withDatabase } from "../support/with-database.ts";

/** Compares every stored counter with what it counts, and prints each difference, or all as JSON; with --repair, corrects it. */
export async function check(io: Io, options: CommandOptions): Promise<void> {
  const config = readExistingConfig(io, options);
  const repair = options.repair === true;
  const differences: Difference[] = [];
  const report = (difference: Difference) => {
    if (options.json) differences.push(difference);
    else printLine(io.stderr, sentence(difference, repair));
  };

  const count = await withDatabase(io, config, ({ database }) =>
    counterVerification(database).verify(report, { repair }),
  );

  if (options.json) printLine(io.stdout, JSON.stringify({ differences, repaired: repair }));
  else if (count === 0) printLine(io.stdout, "All counts are right.");
  else if (repair) printLine(io.stdout, `Corrected: ${count}.`);
  if (count > 0 && !repair) throw new CommandError(`Wrong: ${count}. To correct them: label-studio check --repair`);
}

function sentence({ table, key, column, stored, expected }: Difference, repair: boolean): string {
  return `${subjects[table](key)}: ${column} ${repair ? "was" : "is"} ${stored}, counted ${expected}`;
}

const subjects: Record<Difference["table"], (key: Difference["key"]) => string> = {
  tasks: ({ id }) => `Task ${id}`,
  projects: ({ id }) => `Project ${id}`,
  contributions: ({ user_id, project_id }) => `User ${user_id} in project ${project_id}`,
  contribution_days: ({ user_id, project_id, day }) => `User ${user_id} in project ${project_id} on ${day}`,
  organizations: ({ id }) => `Organization ${id}`,
};
