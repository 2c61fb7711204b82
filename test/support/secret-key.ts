import assert from "node:assert/strict";
import type { TestContext } from "node:test";

import { readSecretKey } from "../../src/config/data-directory.ts";
import { logIn, openShellInProcess } from "./command.ts";
import type { Server, Shell } from "./command.ts";

export const start = ["start", "--no-browser", "--port", "0"];
export const rotate = ["secret-key", "rotate"];
export const reset = ["secret-key", "reset"];

export const ada = { email: "ada@example.com", password: "correct horse battery", token: "token-of-ada" };
export const bob = { email: "bob@example.com", password: "staple correct horse" };

/** A server that was in use: two people, a session, a legacy and a personal token. It is stopped then. */
export async function serverInUse(t: TestContext, settings: NodeJS.ProcessEnv = {}) {
  const shell = openShellInProcess(t, settings);
  const repositories = await shell.openRepositories();
  const database = await shell.openDatabase();
  await repositories.users.create({ ...ada, legacy_api_tokens_enabled: true });
  await repositories.users.create(bob);
  const server = await shell.serve(start);
  const cookie = await logIn(server.url, ada.email, ada.password);
  const made = await call(server, "api/token/", { method: "POST", token: ada.token });
  const { token: personal } = (await made.json()) as { token: string };
  const refreshed = await call(server, "api/token/refresh/", { method: "POST", body: { refresh: personal } });
  const { access } = (await refreshed.json()) as { access: string };
  const invite = await repositories.organizations.inviteToken(1);
  await server.stop();
  return { ...shell, database, cookie, personal, access, invite, key: shell.config.secret_key };
}

export async function call(
  server: Server,
  place: string,
  { method = "GET", token, bearer, body }: { method?: string; token?: string; bearer?: string; body?: object },
): Promise<Response> {
  const authorization = token ? `Token ${token}` : bearer && `Bearer ${bearer}`;
  return fetch(new URL(place, server.url), {
    method,
    headers: { "Content-Type": "application/json", ...(authorization && { Authorization: authorization }) },
    ...(body && { body: JSON.stringify(body) }),
  });
}

export const statusWith = async (server: Server, credential: { token?: string; bearer?: string }) =>
  (await call(server, "api/current-user/whoami", credential)).status;

/** The key in the data folder. */
export const keyNow = ({ config }: Shell) => readSecretKey(config.data_dir) ?? assert.fail("There is no key");
