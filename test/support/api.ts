import type { Test } from "supertest";

import type { Config } from "../../src/config/config.ts";
import type { User } from "../../src/repositories/accounts/user-columns.ts";
import { password, startApp } from "./app.ts";
import type { TestApp } from "./app.ts";
import type { TestHooks } from "./test-hooks.ts";

type Method = "get" | "post" | "put" | "patch" | "delete" | "head" | "options";

/** A script: asks the API as one person, or as nobody. */
export type Script = (method: Method, path: string, body?: string | object) => Test;

export interface ApiApp extends TestApp {
  /** Asks without credentials. */
  anonymous: Script;
  /** Whoever founded the organization, with their legacy token. */
  owner: Person;
  /** Makes a further member, with a legacy token. */
  member: (email?: string) => Promise<Person>;
  /** Asks with this value of the Authorization header. */
  as: (authorization: string) => Script;
}

export interface Person {
  user: User;
  token: string;
  script: Script;
}

/** The real server with an organization that allows legacy tokens. */
export async function startApi(t: TestHooks, settings: Partial<Config> = {}): Promise<ApiApp> {
  const app = await startApp(t, settings);
  const script =
    (headers: Record<string, string>): Script =>
    (method, path, body) => {
      const asked = app.request()[method](path).set(headers);
      return body === undefined ? asked : asked.send(body);
    };
  const as = (authorization: string) => script({ Authorization: authorization });
  let made = 0;
  const member = async (email = `member${++made}@example.com`): Promise<Person> => {
    const user = await app.repositories.users.create({ email, password, legacy_api_tokens_enabled: true });
    const token = (await app.repositories.legacyTokens.findByUser(user.id))?.token ?? "missing";
    return { user, token, script: as(`Token ${token}`) };
  };
  return { ...app, anonymous: script({}), owner: await member("owner@example.com"), member, as };
}
