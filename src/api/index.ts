import type { Resource } from "./endpoint.ts";
import { absentFeatures } from "./resources/absent-features.ts";
import { actions } from "./resources/actions.ts";
import { annotations } from "./resources/annotations.ts";
import { apiKeys } from "./resources/api-keys.ts";
import { avatars } from "./resources/avatars.ts";
import { currentUser } from "./resources/current-user.ts";
import { dataManager } from "./resources/data-manager.ts";
import { drafts } from "./resources/drafts.ts";
import { events } from "./resources/events.ts";
import { exportSnapshots } from "./resources/export-snapshots.ts";
import { exports } from "./resources/exports.ts";
import { fileUploads } from "./resources/file-uploads.ts";
import { importedPredictions } from "./resources/imported-predictions.ts";
import { imports } from "./resources/imports.ts";
import { invitations } from "./resources/invitations.ts";
import { invites } from "./resources/invites.ts";
import { labelStream } from "./resources/label-stream.ts";
import { localStorages } from "./resources/local-storages.ts";
import { members } from "./resources/members.ts";
import { modelVersions } from "./resources/model-versions.ts";
import { nextTask } from "./resources/next-task.ts";
import { organizations } from "./resources/organizations.ts";
import { predictions } from "./resources/predictions.ts";
import { projectSummary } from "./resources/project-summary.ts";
import { projectTasks } from "./resources/project-tasks.ts";
import { projects } from "./resources/projects.ts";
import { recoveryLinks } from "./resources/recovery-links.ts";
import { reimports } from "./resources/reimports.ts";
import { sampleTask } from "./resources/sample-task.ts";
import { settings } from "./resources/settings.ts";
import { snapshotFiles } from "./resources/snapshot-files.ts";
import { tasks } from "./resources/tasks.ts";
import { tokens } from "./resources/tokens.ts";
import { userStatus } from "./resources/user-status.ts";
import { users } from "./resources/users.ts";
import { validation } from "./resources/validation.ts";
import { views } from "./resources/views.ts";
import { version } from "./resources/version.ts";

/** All addresses of the API, in the order in which they are matched and documented. */
export const resources: Resource[] = [
  ...users,
  ...userStatus,
  ...recoveryLinks,
  ...avatars,
  ...currentUser,
  ...tokens,
  ...apiKeys,
  ...settings,
  ...invites,
  ...invitations,
  ...organizations,
  ...members,
  ...events,
  // Before projects: /api/projects/validate/ also matches /api/projects/:id/.
  ...validation,
  ...projects,
  ...projectSummary,
  ...sampleTask,
  ...projectTasks,
  ...imports,
  ...reimports,
  ...fileUploads,
  ...exports,
  ...exportSnapshots,
  ...snapshotFiles,
  ...importedPredictions,
  ...tasks,
  ...annotations,
  ...predictions,
  ...actions,
  ...views,
  ...dataManager,
  ...modelVersions,
  ...nextTask,
  ...labelStream,
  ...drafts,
  ...localStorages,
  ...absentFeatures,
  ...version,
];
