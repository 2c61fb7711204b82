import { Router } from "@koa/router";

import type { AppContext, SignedIn, Visitor } from "../context.ts";
import { requireUser } from "../middleware/authentication.ts";
import { accountActivity } from "./account/activity.ts";
import { accountData } from "./account/data.ts";
import { accountEmail } from "./account/email.ts";
import { emailPreferences } from "./account/email-preferences.ts";
import { keys } from "./account/keys.ts";
import { legacyToken } from "./account/legacy-token.ts";
import { membershipInfo } from "./account/membership-info.ts";
import { password } from "./account/password.ts";
import { personalAccessToken } from "./account/personal-access-token.ts";
import { personalInfo } from "./account/personal-info.ts";
import { accountSessions } from "./account/sessions.ts";
import { twoFactor } from "./account/two-factor.ts";
import { apiDocs } from "./api-docs.ts";
import { avatars } from "./avatars.ts";
import { forgotPassword } from "./forgot-password.ts";
import { health } from "./health.ts";
import { help } from "./help.ts";
import { home } from "./home.ts";
import { imports } from "./imports.ts";
import { invites } from "./invites.ts";
import { label } from "./label.ts";
import { loginCode } from "./login-code.ts";
import { login } from "./login.ts";
import { logout } from "./logout.ts";
import { metrics } from "./metrics.ts";
import { moved } from "./moved.ts";
import { organizationAccess } from "./organization/access.ts";
import { organizationActivity } from "./organization/activity.ts";
import { dangerZone } from "./organization/danger-zone.ts";
import { organizationGeneral } from "./organization/general.ts";
import { personEmail } from "./person-email.ts";
import { personRecovery } from "./person-recovery.ts";
import { people } from "./people.ts";
import { personData } from "./person-data.ts";
import { person } from "./person.ts";
import { projectExport } from "./project-export.ts";
import { projectFilters } from "./project-filters.ts";
import { projectPeople } from "./project-people.ts";
import { projectSettings } from "./project-settings.ts";
import { projectTasks } from "./project-tasks.ts";
import { projects } from "./projects.ts";
import { rememberMatches } from "./remember-matches.ts";
import { setPassword } from "./set-password.ts";
import { signup } from "./signup.ts";
import { tasks } from "./tasks.ts";
import { localFiles } from "./local-files.ts";
import { uploads } from "./uploads.ts";
import { version } from "./version.ts";

/** Routes that need no user: they are served before the session is loaded. */
export const publicRoutes = rememberMatches(new Router<Visitor, AppContext>());
for (const each of [health, metrics, avatars]) publicRoutes.use(each.routes());

/** The map of the site: pages that are open to visitors, then those for signed-in users. */
export const routes = rememberMatches(new Router<Visitor, AppContext>());
for (const each of [
  apiDocs,
  version,
  uploads,
  localFiles,
  signup,
  loginCode,
  login,
  logout,
  forgotPassword,
  setPassword,
]) {
  routes.use(each.routes());
}

const signedIn = new Router<SignedIn, AppContext>();
signedIn.use(requireUser);
for (const each of [
  home,
  help,
  projects,
  projectSettings,
  projectExport,
  projectFilters,
  projectPeople,
  projectTasks,
  imports,
  tasks,
  label,
  invites,
  people,
  person,
  personRecovery,
  personData,
  personEmail,
  organizationGeneral,
  organizationAccess,
  organizationActivity,
  dangerZone,
  moved,
  accountData,
  accountEmail,
  emailPreferences,
  membershipInfo,
  keys,
  personalAccessToken,
  legacyToken,
  password,
  twoFactor,
  accountSessions,
  accountActivity,
  // Last, because it answers every other section of the account.
  personalInfo,
]) {
  signedIn.use(each.routes());
}
routes.use(signedIn.routes());
