import type { BrowserContextOptions, Page } from "playwright-core";

import type { Repositories } from "../../src/repositories/index.ts";
import type { User } from "../../src/repositories/accounts/user-columns.ts";
import { password } from "./app.ts";
import { openContext } from "./chromium.ts";
import { logIn, openShell } from "./command.ts";
import { addCookie } from "./cookies.ts";
import type { TestHooks } from "./test-hooks.ts";
import { ada, newPage } from "./walk.ts";

/** The built program in a process of its own, with Ada as its first person. */
export interface Program {
  repositories: Repositories;
  user: User;
  /** A page in a browser of its own, where Ada is logged in. */
  openPage: (t: TestHooks, options?: BrowserContextOptions) => Promise<Page>;
}

/** `person` is what is known of Ada beside her email, and `settings` are environment variables. */
export async function startProgram(
  t: TestHooks,
  person: Partial<Parameters<Repositories["users"]["create"]>[0]> = {},
  settings: NodeJS.ProcessEnv = {},
): Promise<Program> {
  const { serve, openRepositories } = openShell(t, settings);
  const repositories = await openRepositories();
  const user = await repositories.users.create({ email: ada, password, ...person });
  const { url } = await serve(["start", "--no-browser", "--port", "0"]);
  return {
    repositories,
    user,
    async openPage(t, options) {
      const context = await openContext({ baseURL: url, ...options });
      await addCookie(context, url, (await logIn(url, ada, password)) ?? "");
      return newPage(t, context);
    },
  };
}
