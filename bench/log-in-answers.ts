import { pbkdf2Sync } from "node:crypto";

import type { Knex } from "knex";

import { migrate } from "../src/database/migrate.ts";
import { openDatabase } from "../src/database/open.ts";
import { createRepositories } from "../src/repositories/index.ts";
import { median, milliseconds } from "./median.ts";

const tries = 200;
const password = "correct horse battery";

/**
 * Compares how long a refused log-in takes for an unknown email, a wrong password and an inactive account: the time must not
 * reveal who has an account, also while a user has a password hash from Label Studio.
 */
export async function logInAnswers(): Promise<void> {
  const database = openDatabase({ client: "sqlite3", file: ":memory:" });
  await migrate(database);
  const { users } = createRepositories(database, { secret_key: "bench ".repeat(10), password_cost: 10 });
  await users.create({ email: "active@example.com", password });
  const inactive = await users.create({ email: "inactive@example.com", password });
  await database("users").where({ id: inactive.id }).update({ is_active: false });

  const attempts = {
    "unknown email": () => users.authenticate("nobody@example.com", password),
    "wrong password": () => users.authenticate("active@example.com", "another horse battery"),
    "inactive account": () => users.authenticate("inactive@example.com", password),
  };
  await measure(attempts, tries, "");
  await importPassword(database, (await users.create({ email: "imported@example.com" })).id);
  const imported = () => users.authenticate("imported@example.com", "another horse battery");
  await measure(
    { ...attempts, "wrong password from Label Studio": imported },
    20,
    ", while somebody has a password from Label Studio",
  );
  await database.destroy();
}

/** Stores a password hash as Label Studio 1.23 does. */
async function importPassword(database: Knex, user_id: number): Promise<void> {
  const iterations = 1_000_000;
  const hash = pbkdf2Sync(password, "salt", iterations, 32, "sha256").toString("base64");
  await database("imported_passwords").insert({
    user_id,
    iterations,
    hash: `pbkdf2_sha256$${iterations}$salt$${hash}`,
  });
}

async function measure(attempts: Record<string, () => Promise<unknown>>, tries: number, when: string): Promise<void> {
  const times = new Map(Object.keys(attempts).map((name) => [name, [] as number[]]));
  for (let run = 0; run < tries; run++) {
    for (const [name, attempt] of Object.entries(attempts)) {
      const started = performance.now();
      await attempt();
      times.get(name)?.push(performance.now() - started);
    }
  }
  const medians = [...times].map(([name, values]) => ({ name, value: median(values) }));
  console.log(`Refused log-ins, medians over ${tries} tries each, in turn${when}:`);
  for (const { name, value } of medians) console.log(`  ${name}: ${milliseconds(value)}`);
  const values = medians.map(({ value }) => value);
  console.log(`  apart by at most ${milliseconds(Math.max(...values) - Math.min(...values))}`);
}
