import { Router } from "@koa/router";

import type { AppContext, SignedIn, Visitor } from "../context.ts";
import { requireUser } from "../middleware/authentication.ts";
import { accessTokenSettings } from "./account/access-token-settings.ts";
import { emailPreferences } from "./account/email-preferences.ts";
import { legacyToken } from "./account/legacy-token.ts";
import { membershipInfo } from "./account/membership-info.ts";
import { password } from "./account/password.ts";
import { personalAccessToken } from "./account/personal-access-token.ts";
import { personalInfo } from "./account/personal-info.ts";
import { accountSessions } from "./account/sessions.ts";
import type { OpenApiDocument } from "../api/openapi.ts";
import { apiDocs } from "./api-docs.ts";
import { avatars } from "./avatars.ts";
import { health } from "./health.ts";
import { home } from "./home.ts";
import { imports } from "./imports.ts";
import { invites } from "./invites.ts";
import { labeling } from "./labeling.ts";
import { login } from "./login.ts";
import { logout } from "./logout.ts";
import { organization } from "./organization.ts";
import { people } from "./people.ts";
import { projectExport } from "./project-export.ts";
import { projectSettings } from "./project-settings.ts";
import { projects } from "./projects.ts";
import { signup } from "./signup.ts";
import { tasks } from "./tasks.ts";
import { version } from "./version.ts";

/** What is the same for everyone, so that nobody's session is looked up. */
export function publicRoutes(): Router<Visitor, AppContext> {
  const router = new Router<Visitor, AppContext>();
  for (const each of [health, avatars]) router.use(each.routes());
  return router;
}

/** The map of the site: what is open to everyone, then what only members see. */
export function routes(apiDocument: () => OpenApiDocument): Router<Visitor, AppContext> {
  const open = new Router<Visitor, AppContext>();
  for (const router of [apiDocs(apiDocument), version, signup, login, logout]) open.use(router.routes());

  const signedIn = new Router<SignedIn, AppContext>();
  signedIn.use(requireUser);
  for (const router of [
    home,
    projects,
    projectSettings,
    projectExport,
    imports,
    tasks,
    labeling,
    invites,
    people,
    organization,
  ])
    signedIn.use(router.routes());
  for (const router of [
    emailPreferences,
    membershipInfo,
    personalAccessToken,
    legacyToken,
    password,
    accountSessions,
    accessTokenSettings,
    personalInfo,
  ]) {
    signedIn.use(router.routes());
  }
  open.use(signedIn.routes());
  return open;
}
