import { owner } from "../../scripts/support/server.js";
import { pageSetup } from "../support/page-forms.ts";

/** Who sends a request, as a header. */
export type Credentials = Record<string, string>;

/** What requests are about: who is signed in, and records that are there. */
export interface World {
  owner: Credentials[];
  members: Credentials[];
  /** A member who may be signed out. */
  leaving: Credentials;
  invite: string;
  refresh: string;
  /** Ids by the noun in addresses. */
  ids: Record<string, number[]>;
}

const password = "wide open meadow";

/**
 * Makes new records and sessions, because requests delete and end those that they find. `round` makes the emails differ.
 */
export async function prepareWorld(url: string, round: number): Promise<World> {
  let asked = 0;
  const send = async (method: string, path: string, body: URLSearchParams | object, credentials: Credentials = {}) => {
    const isForm = body instanceof URLSearchParams;
    const type = isForm ? "application/x-www-form-urlencoded" : "application/json";
    // Log-ins and sign-ups are limited by address; a proxy on this machine is believed.
    const headers = {
      "Content-Type": type,
      "X-Forwarded-For": `10.${9 + (round >> 8)}.${round % 256}.${asked++}`,
      ...credentials,
    };
    const answer = await fetch(new URL(path, url), {
      method,
      headers,
      body: isForm ? body : JSON.stringify(body),
      redirect: "manual",
      signal: AbortSignal.timeout(30_000),
    });
    const text = await answer.text();
    if (answer.status >= 400)
      throw new Error(`${method} ${path} was answered with ${answer.status}: ${text.slice(0, 300)}`);
    return { answer, text };
  };
  const post = async (path: string, body: URLSearchParams | object, credentials?: Credentials) =>
    send("POST", path, body, credentials);
  const session = async (path: string, fields: Record<string, string>): Promise<Credentials> => {
    const { answer } = await post(path, new URLSearchParams(fields));
    const cookie = answer.headers.getSetCookie().find((each) => each.startsWith("sessionid="));
    if (!cookie) throw new Error(`POST ${path} started no session.`);
    return { Cookie: cookie.slice(0, cookie.indexOf(";")) };
  };
  const get = async (path: string, headers: Credentials) =>
    (await fetch(new URL(path, url), { headers, signal: AbortSignal.timeout(30_000) })).json();

  const ownersSession = await session("user/login/", { email: owner.email, password: owner.password });
  const create = async (path: string, body: object) =>
    (JSON.parse((await post(path, body, ownersSession)).text) as { id: number }).id;
  // Whatever was switched off or shortened by the requests before.
  const settings = { api_tokens_enabled: true, legacy_api_tokens_enabled: true, api_token_ttl_days: 365 };
  await post("api/jwt/settings", settings, ownersSession);
  const policy = { max_session_age: 11_520, max_time_between_activity: 4_320 };
  await send("PATCH", "api/session-policy/", policy, ownersSession);

  const { invite_url } = (await get("api/invite", ownersSession)) as { invite_url: string };
  const invite = new URL(invite_url, url).searchParams.get("token") ?? "";
  const signUp = `user/signup/?token=${invite}`;
  const members = [
    await session(signUp, { email: `m${round}a@example.com`, password }),
    await session(signUp, { email: `m${round}b@example.com`, password }),
  ];
  const leaving = await session(signUp, { email: `m${round}c@example.com`, password });
  const ids: Record<string, number[]> = {
    users: [],
    projects: [],
    tasks: [],
    annotations: [],
    drafts: [],
    predictions: [],
    exports: [],
    imports: [1],
    "file-upload": [1],
    views: [],
  };
  const add = (noun: string, id: number) => ids[noun]?.push(id);
  for (const member of members) add("users", ((await get("api/current-user/whoami", member)) as { id: number }).id);
  for (let index = 0; index < 3; index++) {
    const project = await create("api/projects/", { title: `Round ${round}.${index}`, label_config: pageSetup });
    add("projects", project);
    for (const text of ["good", "bad"]) {
      const task = await create("api/tasks/", { project, data: { text } });
      add("tasks", task);
      add("annotations", await create(`api/tasks/${task}/annotations/`, { result: [] }));
      add("drafts", await create(`api/tasks/${task}/drafts`, { result: [] }));
      add("predictions", await create("api/predictions/", { task, result: [] }));
    }
    add("views", await create("api/dm/views/", { project, data: { title: "A view" } }));
    add("exports", await create(`api/projects/${project}/exports/`, { title: "A snapshot" }));
  }
  const { token: refresh } = JSON.parse((await post("api/token/", {}, leaving)).text) as { token: string };
  const { token: member } = JSON.parse((await post("api/token/", {}, members[1])).text) as { token: string };
  const { access } = JSON.parse((await post("api/token/refresh/", { refresh: member })).text) as { access: string };
  const ownersToken = { Authorization: `Token ${owner.token}` };
  return {
    owner: [ownersSession, ownersToken],
    members: [...members, { Authorization: `Bearer ${access}` }],
    leaving,
    invite,
    refresh,
    ids,
  };
}
