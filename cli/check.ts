import { loadConfig } from "../src/config/config.ts";
import type { Difference } from "../src/repositories/counters/verify-counters.ts";
import { CommandError } from "./errors.ts";
import { withRepositories } from "./open.ts";
import { configOptions } from "./options.ts";
import type { CommandOptions } from "./options.ts";

/** Counts again what is kept, and tells every difference; with --repair, writes what was counted. */
export async function check(options: CommandOptions): Promise<void> {
  const config = loadConfig(configOptions(options));
  const repair = options.repair === true;
  const tell = (difference: Difference) => void process.stderr.write(`${sentence(difference, repair)}\n`);

  const found = await withRepositories(config, ({ counts }) => counts.check(tell, { repair }));

  if (found === 0) process.stdout.write("All counts are right.\n");
  else if (repair) process.stdout.write(`Put right: ${found}.\n`);
  else throw new CommandError(`Wrong: ${found}. To put them right: label-studio check --repair`);
}

function sentence({ table, key, column, kept, counted }: Difference, repair: boolean): string {
  return `${subjects[table](key)}: ${column} ${repair ? "was" : "is"} ${kept}, counted ${counted}`;
}

const subjects: Record<Difference["table"], (key: Difference["key"]) => string> = {
  tasks: ({ id }) => `Task ${id}`,
  projects: ({ id }) => `Project ${id}`,
  contributions: ({ user_id, project_id }) => `User ${user_id} in project ${project_id}`,
  contribution_days: ({ user_id, day }) => `User ${user_id} on ${day}`,
  organizations: ({ id }) => `Organization ${id}`,
};
