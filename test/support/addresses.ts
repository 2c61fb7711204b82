/** The pages of Account & Settings beside the first, and of the organization, for tests that visit every page. */
export const settingsPages = [
  "/user/account/email",
  "/user/account/email-preferences",
  "/user/account/membership-info",
  "/user/account/data",
  "/user/account/keys",
  "/user/account/personal-access-token",
  "/user/account/legacy-token",
  "/user/account/password",
  "/user/account/two-factor",
  "/user/account/sessions",
  "/organization/general",
  "/organization/access",
] as const;
