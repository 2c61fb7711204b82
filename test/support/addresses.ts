/** The sections of Account & Settings beside the first, for tests that visit every page. */
export const accountSections = [
  "/user/account/email-preferences",
  "/user/account/membership-info",
  "/user/account/personal-access-token",
  "/user/account/legacy-token",
  "/user/account/password",
  "/user/account/sessions",
  "/user/account/organization",
  "/user/account/access-token-settings",
] as const;
