import type { Knex } from "knex";

import type { Config } from "../config.ts";
import { createPasswords } from "../passwords.ts";
import type { Passwords } from "../passwords.ts";
import { createSealer } from "../secrets.ts";
import type { Sealer } from "../secrets.ts";
import { annotations } from "./annotations.ts";
import { attempts } from "./attempts.ts";
import { avatars } from "./avatars.ts";
import { contributions } from "./contributions.ts";
import { conversions } from "./conversions.ts";
import { counts } from "./counts.ts";
import { drafts } from "./drafts.ts";
import { exportedTasks } from "./exported-tasks.ts";
import { exports } from "./exports.ts";
import { identities } from "./identities.ts";
import { importProblems } from "./import-problems.ts";
import { imports } from "./imports.ts";
import { installation } from "./installation.ts";
import { leases } from "./leases.ts";
import { legacyTokens } from "./legacy-tokens.ts";
import { members } from "./members.ts";
import { movingIn } from "./moving-in.ts";
import { organizations } from "./organizations.ts";
import { people } from "./people.ts";
import { personalTokens } from "./personal-tokens.ts";
import { predictions } from "./predictions.ts";
import { projects } from "./projects.ts";
import { sessions } from "./sessions.ts";
import { storedFiles } from "./stored-files.ts";
import { taskBatches } from "./task-batches.ts";
import { taskLocks } from "./task-locks.ts";
import { taskSets } from "./task-sets.ts";
import { tasks } from "./tasks.ts";
import { users } from "./users.ts";

export type Repositories = ReturnType<typeof createRepositories>;

/** What the repositories need beside the database. */
export interface Keys {
  passwords: Passwords;
  sealer: Sealer;
}

/** The repositories over one connection pool. */
export function createRepositories(database: Knex, keys: Keys) {
  return {
    annotations: annotations(database),
    attempts: attempts(database),
    avatars: avatars(database),
    contributions: contributions(database),
    conversions: conversions(database),
    counts: counts(database),
    drafts: drafts(database),
    exportedTasks: exportedTasks(database),
    exports: exports(database),
    identities: identities(database),
    importProblems: importProblems(database),
    imports: imports(database),
    installation: installation(database),
    leases: leases(database),
    legacyTokens: legacyTokens(database, keys.sealer),
    members: members(database),
    movingIn: movingIn(database, keys),
    organizations: organizations(database, keys.sealer),
    people: people(database),
    personalTokens: personalTokens(database, keys.sealer),
    predictions: predictions(database),
    projects: projects(database),
    sessions: sessions(database),
    storedFiles: storedFiles(database),
    taskBatches: taskBatches(database),
    taskLocks: taskLocks(database),
    taskSets: taskSets(database),
    tasks: tasks(database),
    users: users(database, keys),
  };
}

/** The repositories of a server or of a command, with the keys that its configuration gives. */
export function openRepositories(
  database: Knex,
  { secret_key, password_cost }: Pick<Config, "secret_key" | "password_cost">,
): Repositories {
  return createRepositories(database, {
    passwords: createPasswords({ secretKey: secret_key, cost: password_cost }),
    sealer: createSealer(secret_key),
  });
}
