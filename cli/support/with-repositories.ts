import type { Knex } from "knex";

import type { Config, LoadedConfig } from "../../src/config/config.ts";
import { createRepositories } from "../../src/repositories/index.ts";
import type { Repositories } from "../../src/repositories/index.ts";
import type { Io } from "./io.ts";
import { withDatabase } from "./with-database.ts";

/** As `withDatabase`, for a command that needs most of the repositories. */
export async function withRepositories<Result>(
  io: Io,
  loaded: LoadedConfig,
  work: (repositories: Repositories, about: { database: Knex; config: Config; isNew: boolean }) => Promise<Result>,
): Promise<Result> {
  return withDatabase(io, loaded, ({ database, config, isNew }) =>
    work(createRepositories(database, config), { database, config, isNew }),
  );
}
