import type { Config } from "../src/config.ts";
import { migrate, openDatabase } from "../src/database.ts";
import { openRepositories } from "../src/repositories/index.ts";
import type { Repositories } from "../src/repositories/index.ts";

/**
 * Gives a command the repositories over the configured database, brought up to date, and closes it afterwards. `isNew`:
 * there was none.
 */
export async function withRepositories<Result>(
  config: Config,
  work: (repositories: Repositories, about: { isNew: boolean }) => Promise<Result>,
): Promise<Result> {
  const database = openDatabase(config.database_file);
  try {
    const { isNew } = await migrate(database);
    return await work(openRepositories(database, config), { isNew });
  } finally {
    await database.destroy();
  }
}
