import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { test } from "node:test";
import type { TestContext } from "node:test";

import { loadConfig } from "../../src/config/config.ts";
import type { LoadedConfig } from "../../src/config/config.ts";
import { ConfigError } from "../../src/config/settings.ts";
import type { ConfigOptions } from "../../src/config/settings.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

type Environment = Record<string, string>;

/** The configuration over a new folder. */
function load(t: TestContext, environment: Environment = {}, options: ConfigOptions = {}): LoadedConfig {
  return loadConfig({ data_dir: temporaryFolder(t), ...options }, environment);
}

/** What a person reads when the server does not start. */
function configError(t: TestContext, environment: Environment, options: ConfigOptions = {}): string {
  try {
    load(t, environment, options);
  } catch (error) {
    assert.ok(error instanceof ConfigError);
    return error.message;
  }
  return assert.fail("The configuration was taken");
}

test("configuration: without any settings the server is open on port 8080, and as safe as it can be", (t) => {
  const config = load(t);

  const { data_dir, database, secret_key, ...rest } = config;
  assert.deepEqual(rest, {
    host: undefined,
    base_path: "",
    port: 8080,
    internal_host: "0.0.0.0",
    database_connections: 10,
    database_wait: 0,
    trusted_proxies: undefined,
    allowed_hosts: [],
    frame_ancestors: [],
    disable_signup_without_link: false,
    enable_legacy_api_token: false,
    event_retention_days: 400,
    uploads_dir: undefined,
    uploads_quota: undefined,
    local_files_root: undefined,
    password_min_length: 8,
    password_cost: 10,
    session_cookie_secure: false,
    hsts_seconds: 31_536_000,
    logout_redirect_url: undefined,
    smtp_url: undefined,
    mail_from: undefined,
    log_level: "info",
    username: undefined,
    password: undefined,
    user_token: undefined,
    metrics_networks: undefined,
    metrics_token: undefined,
    must_exist: false,
  });
  assert.deepEqual(database, { client: "sqlite3", file: path.join(data_dir, "label_studio.sqlite3") });
  assert.equal(secret_key, undefined);
  assert.ok(Object.isFrozen(config));
});

const secret = "s".repeat(32);

/** Each setting: its name in the environment, whether the bare name counts, a value, and what comes of it. */
const settings: [keyof LoadedConfig, string, boolean, string, unknown][] = [
  ["port", "PORT", true, "9000", 9000],
  ["internal_host", "INTERNAL_HOST", false, "127.0.0.1", "127.0.0.1"],
  ["secret_key", "SECRET_KEY", true, secret, secret],
  ["trusted_proxies", "TRUSTED_PROXIES", false, "127.0.0.1, 10.0.0.0/8,::1", ["127.0.0.1", "10.0.0.0/8", "::1"]],
  ["trusted_proxies", "TRUSTED_PROXIES", false, "none", []],
  [
    "allowed_hosts",
    "ALLOWED_HOSTS",
    true,
    "Labels.example.com:8080, .example.org *",
    ["labels.example.com", ".example.org", "*"],
  ],
  [
    "frame_ancestors",
    "FRAME_ANCESTORS",
    false,
    "self, https://*.example.com:8443 portal",
    ["'self'", "https://*.example.com:8443", "portal"],
  ],
  ["disable_signup_without_link", "DISABLE_SIGNUP_WITHOUT_LINK", true, "true", true],
  ["enable_legacy_api_token", "ENABLE_LEGACY_API_TOKEN", false, "1", true],
  ["password_min_length", "PASSWORD_MIN_LENGTH", false, "15", 15],
  ["password_cost", "PASSWORD_COST", false, "12", 12],
  ["session_cookie_secure", "SESSION_COOKIE_SECURE", true, "1", true],
  ["hsts_seconds", "HSTS_SECONDS", false, "0", 0],
  ["logout_redirect_url", "LOGOUT_REDIRECT_URL", true, "https://sso.example.com/bye", "https://sso.example.com/bye"],
  ["smtp_url", "SMTP_URL", false, "smtps://ann:secret@mail.example.com:465", "smtps://ann:secret@mail.example.com:465"],
  ["mail_from", "MAIL_FROM", false, "Harbor Research <labels@example.com>", "Harbor Research <labels@example.com>"],
  ["mail_from", "MAIL_FROM", false, "labels@example.com", "labels@example.com"],
  ["log_level", "LOG_LEVEL", true, "warning", "warn"],
  ["username", "USERNAME", false, "ada@example.com", "ada@example.com"],
  ["password", "PASSWORD", false, "correct horse", "correct horse"],
  ["user_token", "USER_TOKEN", false, "abcdef", "abcdef"],
];

for (const [key, name, isBare, value, read] of settings) {
  test(`configuration: ${name} is read with either prefix, and ${isBare ? "also" : "not"} without`, (t) => {
    assert.deepEqual(load(t, { [`LABEL_STUDIO_${name}`]: value })[key], read);
    assert.deepEqual(load(t, { [`HEARTEX_${name}`]: value })[key], read);
    if (isBare) assert.deepEqual(load(t, { [name]: value })[key], read);
    else assert.notDeepEqual(load(t, { [name]: value })[key], read);
  });
}

test("configuration: the prefix LABEL_STUDIO_ wins over HEARTEX_, and that over none", (t) => {
  const all = { LABEL_STUDIO_PORT: "1", HEARTEX_PORT: "2", PORT: "3" };

  assert.equal(load(t, all).port, 1);
  assert.equal(load(t, { HEARTEX_PORT: "2", PORT: "3" }).port, 2);
});

test("configuration: the command line wins over the environment", (t) => {
  const options = { port: "9001", username: "b@example.com", enable_legacy_api_token: true };
  const environment = { LABEL_STUDIO_PORT: "9000", LABEL_STUDIO_USERNAME: "a@example.com" };

  const config = load(t, { ...environment, LABEL_STUDIO_ENABLE_LEGACY_API_TOKEN: "false" }, options);

  assert.equal(config.port, 9001);
  assert.equal(config.username, "b@example.com");
  assert.equal(config.enable_legacy_api_token, true);
});

test("configuration: an empty value counts as not set", (t) => {
  assert.equal(load(t, { LABEL_STUDIO_PORT: "", HEARTEX_PORT: "", PORT: "9000" }).port, 9000);
  assert.equal(load(t, { LABEL_STUDIO_HOST: "" }).host, undefined);
});

test("configuration: true and false have four spellings each, in capitals or not", (t) => {
  const read = (value: string) => load(t, { DISABLE_SIGNUP_WITHOUT_LINK: value }).disable_signup_without_link;

  for (const yes of ["1", "true", "yes", "on", "TRUE", "True", "On"]) assert.equal(read(yes), true, yes);
  for (const no of ["0", "false", "no", "off", "FALSE", "No"]) assert.equal(read(no), false, no);
});

test("configuration: a public address may have a path, under which the site is served", (t) => {
  const config = load(t, { LABEL_STUDIO_HOST: "https://labels.example.com/team/" });

  assert.equal(config.host?.host, "labels.example.com");
  assert.equal(config.base_path, "/team");
  assert.equal(load(t, { LABEL_STUDIO_HOST: "http://10.0.0.5:8080" }).base_path, "");
});

test("configuration: a public address without http or https is what people mean by it", (t) => {
  for (const [value, href] of [
    ["labels.example.com", "https://labels.example.com/"],
    ["labels.example.com/team", "https://labels.example.com/team"],
    [" Labels.example.com\n", "https://labels.example.com/"],
    ["labels.example.com:443", "https://labels.example.com/"],
    ["labels.example.com:8443", "https://labels.example.com:8443/"],
    ["labels.example.com:8080", "http://labels.example.com:8080/"],
    ["localhost:8080", "http://localhost:8080/"],
    ["10.0.0.5", "http://10.0.0.5/"],
    ["203.0.113.9:8080/labels", "http://203.0.113.9:8080/labels"],
    ["[2001:db8::1]:8080", "http://[2001:db8::1]:8080/"],
    ["labels", "http://labels/"],
    ["labels.local", "http://labels.local/"],
  ] as const) {
    assert.equal(load(t, { LABEL_STUDIO_HOST: value }).host?.href, href, value);
  }
});

test("configuration: a path alone is a prefix, and the host comes from the request", (t) => {
  for (const [value, base_path] of [
    ["/labels", "/labels"],
    ["/team/labels/", "/team/labels"],
  ] as const) {
    const config = load(t, { LABEL_STUDIO_HOST: value });
    assert.equal(config.host, undefined);
    assert.equal(config.base_path, base_path);
  }
});

test("configuration: the database may be in a folder of its own", (t) => {
  const folder = temporaryFolder(t);

  const { database } = load(t, { LABEL_STUDIO_DATABASE_NAME: `${folder}/x.db` });
  assert.deepEqual(database, { client: "sqlite3", file: path.join(folder, "x.db") });
  const config = load(t, { LABEL_STUDIO_DATABASE_NAME: "x.db" });
  assert.deepEqual(config.database, { client: "sqlite3", file: path.join(config.data_dir, "x.db") });
});

test("configuration: the data folder is taken from the environment, made absolute", (t) => {
  const folder = temporaryFolder(t);

  assert.equal(loadConfig({}, { LABEL_STUDIO_BASE_DATA_DIR: folder }).data_dir, folder);
  const relative = path.relative(process.cwd(), folder);
  assert.equal(loadConfig({ data_dir: relative }, {}).data_dir, folder);
});

test(
  "configuration: without a data folder it is where Label Studio keeps it",
  { skip: os.platform() !== "linux" },
  (t) => {
    const home = temporaryFolder(t);

    assert.equal(loadConfig({}, { XDG_DATA_HOME: home }).data_dir, path.join(home, "label-studio"));
  },
);

for (const [key, name] of [
  ["secret_key", "SECRET_KEY"],
  ["password", "PASSWORD"],
  ["user_token", "USER_TOKEN"],
] as const) {
  test(`configuration: ${name} may stand in a file, whose last line end does not count`, (t) => {
    const file = path.join(temporaryFolder(t), "secret");
    writeFileSync(file, ` ${secret}=#$ \n`);

    assert.equal(load(t, { [`LABEL_STUDIO_${name}_FILE`]: file })[key], ` ${secret}=#$ `);
    assert.equal(
      load(t, { [`LABEL_STUDIO_${name}_FILE`]: file, [`LABEL_STUDIO_${name}`]: "x".repeat(40) })[key]?.[0],
      "x",
    );
  });

  test(`configuration: a file of ${name} that is missing is named`, (t) => {
    const message = configError(t, { [`LABEL_STUDIO_${name}_FILE`]: "/nowhere/secret" });

    assert.equal(message, `LABEL_STUDIO_${name}_FILE is "/nowhere/secret": use a file that this user can read`);
  });
}

test("configuration: the address that Kubernetes sets for a service of the name label-studio is no port", (t) => {
  assert.equal(load(t, { LABEL_STUDIO_PORT: "tcp://10.96.0.7:8080" }).port, 8080);
  assert.equal(load(t, { LABEL_STUDIO_PORT: "tcp://10.96.0.7:8080", PORT: "9000" }).port, 9000);
  assert.equal(load(t, { LABEL_STUDIO_PORT: "tcp://10.96.0.7:8080" }, { port: "9001" }).port, 9001);
});
