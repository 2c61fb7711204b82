import type { Knex } from "knex";

import * as users from "./20261122090000_create_users.ts";
import * as organizations from "./20261122090100_create_organizations.ts";
import * as sessions from "./20261122090200_create_sessions.ts";
import * as tokens from "./20261122090300_create_tokens.ts";
import * as avatars from "./20261122090400_create_avatars.ts";
import * as attempts from "./20261122090500_create_attempts.ts";
import * as apiColumns from "./20261122150000_add_api_columns.ts";
import * as projects from "./20261122170000_create_projects.ts";
import * as exports_ from "./20261122180000_create_exports.ts";
import * as imports from "./20261122190000_create_imports.ts";
import * as installation from "./20261127200000_create_installation.ts";
import * as movingIn from "./20261127203000_move_in_from_label_studio.ts";
import * as storedFiles from "./20261127210000_create_stored_files.ts";
import * as peopleIndexes from "./20261127213000_index_people.ts";
import * as countResults from "./20261128200000_count_results.ts";
import * as renames from "./20261128210000_rename_tables_and_columns.ts";
import * as idempotencyRecords from "./20261129060000_create_idempotency_records.ts";
import * as previousSecretKeys from "./20261129090000_keep_previous_secret_keys.ts";
import * as projectDeletions from "./20261129120000_delete_projects_in_parts.ts";
import * as taskList from "./20261129130000_list_tasks.ts";
import * as projectArchive from "./20261129131000_archive_projects.ts";
import * as importUndos from "./20261129132000_undo_imports.ts";
import * as firstUse from "./20261129150000_record_first_use.ts";
import * as events from "./20261129180000_create_events.ts";
import * as deactivatedPeople from "./20261129190000_index_deactivated_people.ts";
import * as signupPolicy from "./20261129190500_add_signup_policy.ts";
import * as apiKeys from "./20261129191000_create_api_keys.ts";
import * as invitations from "./20261129191500_create_invitations.ts";
import * as oneTimeLinks from "./20261129200000_create_one_time_links.ts";
import * as takeOuts from "./20261129201000_create_take_outs.ts";
import * as previousEmails from "./20261129203000_tell_changed_emails.ts";
import * as twoFactor from "./20261129204000_create_two_factor.ts";
import * as formerNames from "./20261129206000_keep_names_of_former_members.ts";
import * as views from "./20261129210000_create_views.ts";
import * as storedUploads from "./20261130030000_store_uploads.ts";
import * as localStorages from "./20261130050000_create_local_storages.ts";
import * as orderedTerms from "./20261130220000_order_search_terms.ts";

export interface Migration {
  name: string;
  up(database: Knex): Promise<void>;
  down(database: Knex): Promise<void>;
}

/** All migrations, oldest first. Databases record these names, so a released one never changes. */
export const migrations: readonly Migration[] = [
  { name: "20261122090000_create_users", ...users },
  { name: "20261122090100_create_organizations", ...organizations },
  { name: "20261122090200_create_sessions", ...sessions },
  { name: "20261122090300_create_tokens", ...tokens },
  { name: "20261122090400_create_avatars", ...avatars },
  { name: "20261122090500_create_attempts", ...attempts },
  { name: "20261122150000_add_api_columns", ...apiColumns },
  { name: "20261122170000_create_projects", ...projects },
  { name: "20261122180000_create_exports", ...exports_ },
  { name: "20261122190000_create_imports", ...imports },
  { name: "20261127200000_create_installation", ...installation },
  { name: "20261127203000_move_in_from_label_studio", ...movingIn },
  { name: "20261127210000_create_stored_files", ...storedFiles },
  { name: "20261127213000_index_people", ...peopleIndexes },
  { name: "20261128200000_count_results", ...countResults },
  { name: "20261128210000_rename_tables_and_columns", ...renames },
  { name: "20261129060000_create_idempotency_records", ...idempotencyRecords },
  { name: "20261129090000_keep_previous_secret_keys", ...previousSecretKeys },
  { name: "20261129120000_delete_projects_in_parts", ...projectDeletions },
  { name: "20261129130000_list_tasks", ...taskList },
  { name: "20261129131000_archive_projects", ...projectArchive },
  { name: "20261129132000_undo_imports", ...importUndos },
  { name: "20261129150000_record_first_use", ...firstUse },
  { name: "20261129180000_create_events", ...events },
  { name: "20261129190000_index_deactivated_people", ...deactivatedPeople },
  { name: "20261129190500_add_signup_policy", ...signupPolicy },
  { name: "20261129191000_create_api_keys", ...apiKeys },
  { name: "20261129191500_create_invitations", ...invitations },
  { name: "20261129200000_create_one_time_links", ...oneTimeLinks },
  { name: "20261129201000_create_take_outs", ...takeOuts },
  { name: "20261129203000_tell_changed_emails", ...previousEmails },
  { name: "20261129204000_create_two_factor", ...twoFactor },
  { name: "20261129206000_keep_names_of_former_members", ...formerNames },
  { name: "20261129210000_create_views", ...views },
  { name: "20261130030000_store_uploads", ...storedUploads },
  { name: "20261130050000_create_local_storages", ...localStorages },
  { name: "20261130220000_order_search_terms", ...orderedTerms },
];
