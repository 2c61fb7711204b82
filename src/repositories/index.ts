import type { Knex } from "knex";

import type { Config } from "../config/config.ts";
import { annotations } from "./labeling/annotations.ts";
import { loginThrottle } from "./accounts/login-throttle.ts";
import { avatars } from "./accounts/avatars.ts";
import { contributions } from "./labeling/contributions.ts";
import { conversions } from "./jobs/conversions.ts";
import { counts } from "./counters/verify-counters.ts";
import { drafts } from "./labeling/drafts.ts";
import { exportReader } from "./jobs/export-reader.ts";
import { exports } from "./jobs/exports.ts";
import { identities } from "./accounts/identities.ts";
import { importErrors } from "./jobs/import-errors.ts";
import { imports } from "./jobs/imports.ts";
import { installation } from "./accounts/installation.ts";
import { createKeys } from "./keys.ts";
import type { Keys } from "./keys.ts";
import { leases } from "./jobs/leases.ts";
import { legacyTokens } from "./accounts/legacy-tokens.ts";
import { members } from "./accounts/members.ts";
import { organizations } from "./accounts/organizations.ts";
import { people } from "./accounts/people.ts";
import { personalTokens } from "./accounts/personal-tokens.ts";
import { predictions } from "./labeling/predictions.ts";
import { projects } from "./labeling/projects.ts";
import { sessions } from "./accounts/sessions.ts";
import { storedFiles } from "./jobs/stored-files.ts";
import { bulkInsert } from "./labeling/bulk-insert.ts";
import { taskAssignments } from "./labeling/task-assignments.ts";
import { bulkActions } from "./labeling/bulk-actions.ts";
import { tasks } from "./labeling/tasks.ts";
import { users } from "./accounts/users.ts";

export type Repositories = ReturnType<typeof createRepositories>;

/** The repositories over one connection pool. */
function createRepositories(database: Knex, keys: Keys) {
  return {
    annotations: annotations(database),
    loginThrottle: loginThrottle(database),
    avatars: avatars(database),
    contributions: contributions(database),
    conversions: conversions(database),
    counts: counts(database),
    drafts: drafts(database),
    exportReader: exportReader(database),
    exports: exports(database),
    identities: identities(database),
    importErrors: importErrors(database),
    imports: imports(database),
    installation: installation(database),
    leases: leases(database),
    legacyTokens: legacyTokens(database, keys.cipher),
    members: members(database),
    organizations: organizations(database, keys.cipher),
    people: people(database),
    personalTokens: personalTokens(database, keys.cipher),
    predictions: predictions(database),
    projects: projects(database),
    sessions: sessions(database),
    storedFiles: storedFiles(database),
    bulkInsert: bulkInsert(database),
    taskAssignments: taskAssignments(database),
    bulkActions: bulkActions(database),
    tasks: tasks(database),
    users: users(database, keys),
  };
}

/** The repositories of a server or of a command, with the keys that its configuration gives. */
export function openRepositories(database: Knex, config: Pick<Config, "secret_key" | "password_cost">): Repositories {
  return createRepositories(database, createKeys(config));
}
