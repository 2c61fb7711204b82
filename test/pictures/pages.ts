import type { Page } from "playwright-core";

import { password } from "../support/app.ts";
import type { Harbor } from "./harbor.ts";

/** A page to take a picture of. */
export interface Picture {
  name: string;
  address: (harbor: Harbor) => string;
  /** The email of who looks at it; nobody is logged in without. */
  as?: string;
  /** Taken as far as the window shows it. */
  is_endless?: boolean;
  /** What is done before the picture, which works without JavaScript, too. */
  act?: (page: Page) => Promise<unknown>;
  /** The scheme in which it stands in the README, 1280 pixels wide. */
  readme?: "light" | "dark";
}

const ann = "ann@example.com";
const ben = "ben.carter@example.com";
/** Has two-factor log-in. */
const emma = "emma.astrom3@example.com";

const page = (name: string, address: string | ((harbor: Harbor) => string), as = ben): Picture => ({
  name,
  address: typeof address === "string" ? () => address : address,
  as,
});

/** The address of the first project. */
const mail = (harbor: Harbor) => `/projects/${harbor.projects[0]?.id}`;

const forVisitors: Picture[] = [
  { name: "login", address: () => "/user/login/" },
  { name: "signup", address: () => "/user/signup/" },
  { name: "signup-invited", address: ({ invitation }) => `/user/signup/?token=${invitation}` },
  { name: "invitation-dead", address: () => "/user/signup/?token=dead" },
  { name: "forgot-password", address: () => "/user/forgot-password/" },
  { name: "forgot-password-sent", address: () => "/user/forgot-password/sent" },
  { name: "reset-link-dead", address: () => "/user/set-password/?token=dead" },
  { name: "not-found-logged-out", address: () => "/version/nothing" },
];

export const pictures: Picture[] = [
  ...forVisitors,
  { ...page("home", "/"), readme: "light" },
  page("projects", "/projects/"),
  page("project-new", "/projects/new"),
  { ...page("project", mail), readme: "light" },
  page("project-filter-new", (harbor) => `${mail(harbor)}/filters/new?state=labeled`),
  page("project-search", (harbor) => `${mail(harbor)}?q=order&state=labeled`),
  {
    ...page("project-delete-tasks", mail),
    async act(shown) {
      const box = shown.getByLabel("Choose task 2", { exact: true });
      // Phones have no room for it.
      if (!(await box.isVisible())) return;
      await box.check();
      await shown.getByRole("button", { name: "Delete chosen…" }).click();
    },
  },
  page("project-people", (harbor) => `${mail(harbor)}/people`),
  page("project-import", (harbor) => `${mail(harbor)}/import`),
  page("project-export", (harbor) => `${mail(harbor)}/export`),
  { ...page("project-settings", (harbor) => `${mail(harbor)}/settings`), readme: "dark" },
  page("task", (harbor) => `${mail(harbor)}/tasks/1`),
  {
    ...page("task-delete", (harbor) => `${mail(harbor)}/tasks/1`, ann),
    async act(shown) {
      await shown.locator(".annotation summary").click();
      await shown.getByRole("button", { name: "Delete…" }).click();
    },
  },
  { ...page("label", (harbor) => `${mail(harbor)}/label?last=1`), readme: "light" },
  {
    ...page("label-missing", (harbor) => `${mail(harbor)}/label?last=1`),
    act: (shown) => shown.getByRole("button", { name: "Submit" }).click(),
  },
  page("label-rating", (harbor) => `/projects/${harbor.projects[1]?.id}/label`),
  page("label-comparison", (harbor) => `/projects/${harbor.projects[2]?.id}/label`),
  { ...page("people", "/people/", ann), readme: "dark" },
  page("people-search", "/people/?q=ito", ann),
  page("people-nobody", "/people/?q=itoo", ann),
  { ...page("person", "/people/2", ann), readme: "light" },
  page("person-new", "/people/8", ann),
  page("person-question", "/people/2?ask=make-owner", ann),
  page("person-data", "/people/2/data", ann),
  page("people-emails", "/people/emails", ann),
  {
    ...page("person-reset-link", "/people/2", ann),
    async act(shown) {
      await shown.getByRole("button", { name: "Reset password link…" }).click();
      await shown.getByRole("button", { name: "Make link" }).click();
      await shown.getByText("Shown only now").waitFor();
    },
  },
  {
    ...page("set-password", "/people/2", ann),
    async act(shown) {
      await shown.getByRole("button", { name: "Reset password link…" }).click();
      await shown.getByRole("button", { name: "Make link" }).click();
      const link = await shown.getByLabel("Link", { exact: true }).inputValue();
      await shown.context().clearCookies();
      await shown.goto(link);
    },
  },
  {
    ...page("people-add", "/people/", ann),
    act: async (people) => {
      await people.getByRole("link", { name: "+ Add People" }).click();
      await people.getByLabel("Invitation link").waitFor();
    },
  },
  page("add-people", "/people/invite", ann),
  {
    ...page("add-people-new", "/people/invite", ann),
    act: async (links) => {
      await links.getByLabel("Note").fill("Annotation team, spring");
      await links.getByRole("button", { name: "Make a link" }).click();
      await links.getByText("Shown only now").waitFor();
    },
  },
  page("account-personal-info", "/user/account/personal-info", ann),
  page("account-email", "/user/account/email", ben),
  page("person-email", "/people/2/email", ann),
  page("account-email-preferences", "/user/account/email-preferences", ann),
  page("account-membership", "/user/account/membership-info", ann),
  page("account-data", "/user/account/data", ann),
  page("account-tokens", "/user/account/personal-access-token", ann),
  {
    ...page("account-token-new", "/user/account/personal-access-token", ann),
    act: async (tokens) => {
      await tokens.getByLabel("Name").fill("nightly export");
      await tokens.getByRole("button", { name: "Create" }).click();
      await tokens.getByText("Shown only now").waitFor();
    },
  },
  page("account-keys", "/user/account/keys", ann),
  {
    ...page("account-key-new", "/user/account/keys", ann),
    act: async (keys) => {
      await keys.getByLabel("Name").fill("nightly export");
      await keys.getByRole("button", { name: "Create" }).click();
      await keys.getByText("Shown only now").waitFor();
    },
  },
  page("account-legacy-token", "/user/account/legacy-token", ann),
  page("account-password", "/user/account/password", ann),
  page("account-two-factor-setup", "/user/account/two-factor", ann),
  page("account-two-factor", "/user/account/two-factor", emma),
  {
    ...page("account-two-factor-codes", "/user/account/two-factor", emma),
    async act(shown) {
      await shown.getByRole("button", { name: "New codes…" }).click();
      await shown.locator("#password-recovery-codes").fill(password);
      await shown.getByRole("button", { name: "Make new codes" }).click();
      await shown.getByText("Shown only now").waitFor();
    },
  },
  {
    name: "login-code",
    address: () => "/user/login/",
    async act(shown) {
      await shown.getByLabel("Email").fill(emma);
      await shown.getByLabel("Password", { exact: true }).fill(password);
      await shown.getByRole("button", { name: "Log in" }).click();
      await shown.getByRole("heading", { name: "Enter your code" }).waitFor();
    },
  },
  page("account-sessions", "/user/account/sessions", ann),
  {
    ...page("account-sessions-question", "/user/account/sessions", ben),
    act: (sessions) => sessions.getByRole("button", { name: "Log out…" }).first().click(),
  },
  page("account-activity", "/user/account/activity"),
  page("organization", "/organization/general", ann),
  page("organization-access", "/organization/access", ann),
  page("organization-activity", "/organization/activity", ann),
  page("shortcuts", "/help/shortcuts"),
  { ...page("api-docs", "/docs/api/"), is_endless: true },
  page("not-found", "/nothing"),
  page("logout", "/logout"),
];
