import type { Knex } from "knex";

import type { Config } from "../../src/config/config.ts";
import { createRepositories } from "../../src/repositories/index.ts";
import type { Repositories } from "../../src/repositories/index.ts";
import type { Io } from "./io.ts";
import { withDatabase } from "./with-database.ts";

/** As `withDatabase`, for a command that needs most of the repositories. */
export async function withRepositories<Result>(
  io: Io,
  config: Config,
  work: (repositories: Repositories, about: { database: Knex; isNew: boolean }) => Promise<Result>,
): Promise<Result> {
  return withDatabase(io, config, ({ database, isNew }) =>
    work(createRepositories(database, config), { database, isNew }),
  );
}
