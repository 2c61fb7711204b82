import type { Knex } from "knex";

import { fileFolder } from "../common/file-folder.ts";
import type { Config } from "../config/config.ts";
import { accountStatus } from "./accounts/account-status.ts";
import { apiKeys } from "./accounts/api-keys.ts";
import { avatars } from "./accounts/avatars.ts";
import { emailChanges } from "./accounts/email-changes.ts";
import { events } from "./accounts/events.ts";
import { identities } from "./accounts/identities.ts";
import { installation } from "./accounts/installation.ts";
import { invitations } from "./accounts/invitations.ts";
import { legacyTokens } from "./accounts/legacy-tokens.ts";
import { loginThrottle } from "./accounts/login-throttle.ts";
import { members } from "./accounts/members.ts";
import { organizations } from "./accounts/organizations.ts";
import { people } from "./accounts/people.ts";
import { personalTokens } from "./accounts/personal-tokens.ts";
import { recoveryLinks } from "./accounts/recovery-links.ts";
import { secretKeys } from "./accounts/secret-keys.ts";
import { sessions } from "./accounts/sessions.ts";
import { twoFactor } from "./accounts/two-factor.ts";
import { users } from "./accounts/users.ts";
import { counterVerification } from "./counters/verify-counters.ts";
import { bulkInsert } from "./jobs/bulk-insert.ts";
import { exportConversions } from "./jobs/export-conversions.ts";
import { exportReader } from "./jobs/export-reader.ts";
import { exports } from "./jobs/exports.ts";
import { fileUploads } from "./jobs/file-uploads.ts";
import { idempotencyRecords } from "./jobs/idempotency-records.ts";
import { importErrors } from "./jobs/import-errors.ts";
import { importUndos } from "./jobs/import-undos.ts";
import { imports } from "./jobs/imports.ts";
import { leases } from "./jobs/leases.ts";
import { projectDeletions } from "./jobs/project-deletions.ts";
import { storedFiles } from "./jobs/stored-files.ts";
import { takeOuts } from "./jobs/take-outs.ts";
import { createKeys } from "./keys.ts";
import type { Keys } from "./keys.ts";
import { annotations } from "./labeling/annotations.ts";
import { bulkActions } from "./labeling/bulk-actions.ts";
import { chosenTasks } from "./labeling/chosen-tasks.ts";
import { contributions } from "./labeling/contributions.ts";
import { drafts } from "./labeling/drafts.ts";
import { localStorages } from "./labeling/local-storages.ts";
import { predictions } from "./labeling/predictions.ts";
import { projectPeople } from "./labeling/project-people.ts";
import { projects } from "./labeling/projects.ts";
import { taskAssignments } from "./labeling/task-assignments.ts";
import { taskList } from "./labeling/task-list.ts";
import { tasks } from "./labeling/tasks.ts";
import { userTasks } from "./labeling/user-tasks.ts";
import { views } from "./labeling/views.ts";

export type Repositories = ReturnType<typeof createRepositories>;

/**
 * All queries of the product, a repository per subject, over one connection pool or in one transaction. Those of one server share
 * `keys`, and with them the queue of passwords.
 */
export function createRepositories(
  database: Knex,
  config: Pick<Config, "secret_key" | "password_cost"> & Partial<Pick<Config, "uploads_dir">>,
  keys: Keys = createKeys(config),
) {
  return {
    accountStatus: accountStatus(database, keys),
    apiKeys: apiKeys(database),
    avatars: avatars(database),
    emailChanges: emailChanges(database),
    events: events(database),
    identities: identities(database),
    installation: installation(database),
    invitations: invitations(database),
    legacyTokens: legacyTokens(database, keys.cipher),
    loginThrottle: loginThrottle(database),
    members: members(database),
    organizations: organizations(database, keys.cipher),
    people: people(database),
    personalTokens: personalTokens(database, keys.cipher),
    recoveryLinks: recoveryLinks(database, keys),
    secretKeys: secretKeys(database),
    sessions: sessions(database),
    twoFactor: twoFactor(database, keys.cipher),
    users: users(database, keys),

    counters: counterVerification(database),

    bulkInsert: bulkInsert(database),
    exportConversions: exportConversions(database),
    exportReader: exportReader(database),
    exports: exports(database),
    fileUploads: fileUploads(database),
    idempotencyRecords: idempotencyRecords(database),
    importErrors: importErrors(database),
    importUndos: importUndos(database),
    imports: imports(database),
    leases: leases(database),
    projectDeletions: projectDeletions(database),
    storedFiles: storedFiles(database, config.uploads_dir === undefined ? undefined : fileFolder(config.uploads_dir)),
    takeOuts: takeOuts(database),

    annotations: annotations(database),
    bulkActions: bulkActions(database),
    chosenTasks: chosenTasks(database),
    contributions: contributions(database),
    drafts: drafts(database),
    localStorages: localStorages(database),
    predictions: predictions(database),
    projectPeople: projectPeople(database),
    projects: projects(database),
    userTasks: userTasks(database),
    taskAssignments: taskAssignments(database),
    taskList: taskList(database),
    tasks: tasks(database),
    views: views(database),
  };
}
