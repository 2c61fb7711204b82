import type { LoadedConfig } from "../../src/config/config.ts";
import { createRepositories } from "../../src/repositories/index.ts";
import type { Repositories } from "../../src/repositories/index.ts";
import type { Io } from "./io.ts";
import { withDatabase } from "./with-database.ts";
import type { OpenDatabase, OpenOptions } from "./with-database.ts";

/** As `withDatabase`, for a command that needs most of the repositories. */
export async function withRepositories<Result>(
  io: Io,
  config: LoadedConfig,
  work: (repositories: Repositories, open: OpenDatabase) => Promise<Result>,
  options?: OpenOptions,
): Promise<Result> {
  return withDatabase(
    io,
    config,
    (open) => work(createRepositories(open.database, open.config, open.keys), open),
    options,
  );
}
