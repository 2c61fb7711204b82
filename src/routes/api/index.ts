import { actions } from "./actions.ts";
import { annotations } from "./annotations.ts";
import { avatars } from "./avatars.ts";
import { currentUser } from "./current-user.ts";
import { drafts } from "./drafts.ts";
import type { Resource } from "./endpoint.ts";
import { exportSnapshots } from "./export-snapshots.ts";
import { exports } from "./exports.ts";
import { importedPredictions } from "./imported-predictions.ts";
import { imports } from "./imports.ts";
import { invites } from "./invites.ts";
import { members } from "./members.ts";
import { nextTask } from "./next-task.ts";
import { organizations } from "./organizations.ts";
import { predictions } from "./predictions.ts";
import { projectTasks } from "./project-tasks.ts";
import { projects } from "./projects.ts";
import { settings } from "./settings.ts";
import { snapshotFiles } from "./snapshot-files.ts";
import { tasks } from "./tasks.ts";
import { tokens } from "./tokens.ts";
import { users } from "./users.ts";
import { validation } from "./validation.ts";
import { version } from "./version.ts";

/** All addresses of the API. Its document and its page are made from them. */
export const resources: Resource[] = [
  ...users,
  ...avatars,
  ...currentUser,
  ...tokens,
  ...settings,
  ...invites,
  ...organizations,
  ...members,
  // Before projects, where the same word would be an id.
  ...validation,
  ...projects,
  ...projectTasks,
  ...imports,
  ...exports,
  ...exportSnapshots,
  ...snapshotFiles,
  ...importedPredictions,
  ...tasks,
  ...annotations,
  ...predictions,
  ...actions,
  ...nextTask,
  ...drafts,
  ...version,
];
