import { existsSync } from "node:fs";
import { createServer } from "node:http";
import os from "node:os";
import path from "node:path";
import { after } from "node:test";

import type { Knex } from "knex";
import type { ILoader } from "nunjucks";
import request, { agent } from "supertest";

import { createApp } from "../../src/app.ts";
import { loadConfig } from "../../src/config/config.ts";
import type { Config } from "../../src/config/config.ts";
import { now } from "../../src/common/timestamps.ts";
import { createLogger } from "../../src/common/logger.ts";
import { createRepositories } from "../../src/repositories/index.ts";
import type { Repositories } from "../../src/repositories/index.ts";
import type { User } from "../../src/repositories/accounts/user-columns.ts";
import { randomToken } from "../../src/security/crypto.ts";
import { compiledTemplates, loadCompiledTemplates } from "../../src/rendering/templates.ts";
import { openTestDatabase } from "./database.ts";
import { listen } from "./listen.ts";
import type { TestHooks } from "./test-hooks.ts";

/** A browser without pages: keeps cookies, follows nothing by itself. */
export type Browser = ReturnType<typeof agent>;

export interface TestApp {
  config: Config;
  database: Knex;
  repositories: Repositories;
  /** For what is no request of a browser: bytes of a socket. */
  port: number;
  /** What the server logged, a line of JSON each. */
  logged: string[];
  /** A new browser that nobody is signed in with. */
  visitor: () => Browser;
  /** For single requests without cookies. */
  request: () => ReturnType<typeof request>;
  /** A browser with a new session of this person. */
  browserOf: (user: User) => Promise<Browser>;
  /** Makes a person with a session, in a browser of their own. */
  signedIn: (person?: {
    email?: string;
    password?: string;
  }) => Promise<{ browser: Browser; user: User; password: string }>;
}

export const password = "correct horse battery";

/**
 * What the tests of a file share, such as a server for those that must change nothing: they assert that. It is started when
 * the first of them asks for it.
 */
export function share<Shared>(start: (t: TestHooks) => Promise<Shared>): () => Promise<Shared> {
  const endings: (() => Promise<void>)[] = [];
  let starting: Promise<Shared> | undefined;
  after(async () => {
    for (const work of endings) await work();
  });
  return () => (starting ??= start({ after: (work) => void endings.push(work) }));
}

/** The real server over a database of its own, unless one is given. `settings` replace those of the configuration. */
export async function startApp(t: TestHooks, settings: Partial<Config> = {}, given?: Knex): Promise<TestApp> {
  const config = { ...testConfig(), ...settings };
  const logged: string[] = [];
  const database = given ?? (await openTestDatabase(t));
  const repositories = createRepositories(database, config);
  const log = createLogger("debug", { write: (line: string) => void logged.push(line) });
  const answer = (await createApp({ config, database, log, templates: await builtTemplates() })).callback();
  // One for all requests of a test: without it, each would start and end one of its own.
  const server = createServer((request, response) => void answer(request, response));
  const port = await listen(t, server);
  // Compression costs more than most answers; what it does is tested by itself, and browsers ask for it.
  const visitor = () => agent(server).set("Accept-Encoding", "identity");
  const browserOf = async (user: User) => {
    const browser = visitor();
    browser.jar.setCookie(await startSession(repositories, user, config), "127.0.0.1", config.base_path || "/");
    return browser;
  };
  let made = 0;

  return {
    config,
    database,
    repositories,
    port,
    logged,
    visitor,
    request: () => request(server),
    browserOf,
    async signedIn(person = {}) {
      const email = person.email ?? `person${++made}@example.com`;
      const user = await repositories.users.create({ email, password: person.password ?? password });
      const browser = await browserOf(user);
      // The session has moved their last activity.
      const seen = (await repositories.users.find(user.id)) ?? user;
      return { browser, user: seen, password: person.password ?? password };
    },
  };
}

/** The cookie of a new session, as log-in makes it, which is much slower because of the password. */
async function startSession({ sessions, users }: Repositories, user: User, config: Config): Promise<string> {
  const key = randomToken(43);
  await sessions.create(key, { user_id: user.id, password_submitted_at: now(), _session: true }, "");
  await users.touch(user.id);
  return `sessionid=${key}${config.session_cookie_secure ? "; secure" : ""}`;
}

/** Those of the build, since compiling them for each test takes longer than most tests; from the sources where there is none. */
async function builtTemplates(): Promise<ILoader | undefined> {
  return existsSync(compiledTemplates) ? loadCompiledTemplates() : undefined;
}

/** No test writes there. */
const data_dir = path.join(os.tmpdir(), "atelier-tests-without-a-folder");

/** The configuration of a server without settings, with cheap passwords, and with a secret key of its own. */
export function testConfig(): Config {
  return { ...loadConfig({ data_dir }, {}), secret_key: randomToken(50), password_cost: 4 };
}
