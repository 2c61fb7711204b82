import type { Knex } from "knex";

/**
 * Closes the pool once its connections are free. Whoever asks for one from now on is refused at once, not after the minute that
 * a closed pool lets them wait.
 */
export async function closeDatabase(database: Knex): Promise<void> {
  database.client.acquireConnection = async () => {
    throw new Error("The database is closed.");
  };
  await database.destroy();
}
