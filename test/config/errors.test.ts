import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";

import { loadConfig } from "../../src/config/config.ts";
import { ConfigError } from "../../src/config/settings.ts";
import type { ConfigOptions } from "../../src/config/settings.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

/** Values that cannot be used, and what is said instead of them. */
const wrong: Record<string, { values: string[]; use: string }> = {
  HOST: {
    values: [
      "ftp://labels.example.com",
      "labels example.com",
      "${PUBLIC_DOMAIN}",
      "javascript:alert(1)",
      "a@labels.example.com",
      "labels.example.com:http",
      "labels.example.com?x=1",
      "0.0.0.0",
      "0.0.0.0:8080",
      "[::]:8080",
      "//labels.example.com",
      "/la bels",
      "/labels?x=1",
      "*",
      "http:",
      "http://",
      "https://a.example/?x=1",
      "https://a.example/#x",
    ],
    use: "an address such as https://labels.example.com or http://10.0.0.5:8080/labels (what to listen on is LABEL_STUDIO_INTERNAL_HOST)",
  },
  PORT: {
    values: ["http", "-1", "65536", "80.5", " 80", "0x50", "9".repeat(30)],
    use: "a whole number from 0 to 65535",
  },
  TRUSTED_PROXIES: {
    values: ["everyone", "300.0.0.1", "10.0.0.0/33", "10.0.0.1,,10.0.0.2", "*", "none,10.0.0.1"],
    use: "IP addresses or networks with commas between, such as 127.0.0.1,10.0.0.0/8, or none",
  },
  ALLOWED_HOSTS: {
    values: ["https://labels.example.com", "*.example.com", "a/b", "labels..example"],
    use: "host names with commas between, such as labels.example.com,.example.org, or *",
  },
  FRAME_ANCESTORS: {
    values: [
      "*",
      "https:",
      "data:",
      "https://a.example/path",
      "https://a.example; script-src *",
      "javascript:alert(1)",
    ],
    use: "self or sites with commas between, such as https://portal.example.com",
  },
  MAIL_FROM: {
    values: ["nobody", "a@b c@d", "Ann <ann>", "Ann\n <ann@example.com>", "Ann <ann@example.com> x"],
    use: "an email address, or a name with one: Harbor Research <labels@example.com>",
  },
  DISABLE_SIGNUP_WITHOUT_LINK: { values: ["ture", "2", "y", " true"], use: "true or false" },
  ENABLE_LEGACY_API_TOKEN: { values: ["enabled"], use: "true or false" },
  SESSION_COOKIE_SECURE: { values: ["maybe"], use: "true or false" },
  PASSWORD_MIN_LENGTH: { values: ["7", "65", "eight"], use: "a whole number from 8 to 64" },
  PASSWORD_COST: { values: ["9", "16", "4"], use: "a whole number from 10 to 15" },
  HSTS_SECONDS: { values: ["-1", "a year"], use: "a whole number of seconds, 0 for none" },
  LOGOUT_REDIRECT_URL: {
    values: ["bye", "//evil.example", "/\\evil.example", "javascript:alert(1)"],
    use: "an http(s) address or a path that begins with /",
  },
  LOG_LEVEL: { values: ["LOUD", "warn!"], use: "DEBUG, INFO, WARNING or ERROR" },
};

for (const [name, { values, use }] of Object.entries(wrong)) {
  test(`configuration: a ${name} that can't be used stops the start, and says what can`, (t) => {
    for (const value of values) {
      for (const prefix of ["LABEL_STUDIO_", "HEARTEX_"]) {
        assert.throws(
          () => loadConfig({ data_dir: temporaryFolder(t) }, { [prefix + name]: value }),
          new ConfigError(`${prefix}${name} is ${JSON.stringify(value)}: use ${use}`),
        );
      }
    }
  });
}

test("configuration: a bare name that can't be used is named as it was set", (t) => {
  assert.throws(
    () => loadConfig({ data_dir: temporaryFolder(t) }, { PORT: "eighty" }),
    new ConfigError('PORT is "eighty": use a whole number from 0 to 65535'),
  );
});

const options: [ConfigOptions, string][] = [
  [{ port: "eighty" }, '--port is "eighty": use a whole number from 0 to 65535'],
  [{ internal_host: "" }, '--internal-host is "": use an address of this machine such as 127.0.0.1'],
  [{ log_level: "LOUD" }, '--log-level is "LOUD": use DEBUG, INFO, WARNING or ERROR'],
  [{ user_token: "" }, "--user-token is not usable: use a token of 5 characters or more"],
];

for (const [option, message] of options) {
  test(`configuration: of the command line, ${message}`, (t) => {
    assert.throws(() => loadConfig({ data_dir: temporaryFolder(t), ...option }, {}), new ConfigError(message));
  });
}

test("configuration: the option for the database is named as it is typed", (t) => {
  const settings = { data_dir: temporaryFolder(t), database_file: "" };

  assert.throws(() => loadConfig(settings, {}), new ConfigError('--database is "": use a file'));
});

test("configuration: what is wrong is said on one line, whatever the value holds", (t) => {
  const value = "80\nPORT is fine";

  assert.throws(
    () => loadConfig({ data_dir: temporaryFolder(t) }, { PORT: value }),
    new ConfigError('PORT is "80\\nPORT is fine": use a whole number from 0 to 65535'),
  );
});

test("configuration: a secret that can't be used is not printed (T9)", (t) => {
  const file = path.join(temporaryFolder(t), "secret");
  writeFileSync(file, "hunter2\n");
  const allowed = "use a secret of 32 characters or more";

  for (const [environment, name] of [
    [{ SECRET_KEY: "hunter2" }, "SECRET_KEY"],
    [{ LABEL_STUDIO_SECRET_KEY: "hunter2" }, "LABEL_STUDIO_SECRET_KEY"],
    [{ LABEL_STUDIO_SECRET_KEY_FILE: file }, "LABEL_STUDIO_SECRET_KEY_FILE"],
  ] as const) {
    assert.throws(
      () => loadConfig({ data_dir: temporaryFolder(t) }, environment),
      new ConfigError(`${name} is not usable: ${allowed}`),
    );
  }
});

test("configuration: a password in the public address is refused, and not printed (T9)", (t) => {
  for (const host of ["https://ada:hunter2@labels.example.com", "https://:hunter2@labels.example.com"]) {
    assert.throws(
      () => loadConfig({ data_dir: temporaryFolder(t) }, { LABEL_STUDIO_HOST: host }),
      (error) => error instanceof ConfigError && !error.message.includes("hunter2"),
    );
  }
});

test("configuration: an address of a mail server that can't be used is refused, without its password (T9)", (t) => {
  for (const smtp_url of ["mail.example.com", "https://ann:hunter2@mail.example.com", "smtp://", "smtps:ann:hunter2"])
    assert.throws(
      () => loadConfig({ data_dir: temporaryFolder(t) }, { LABEL_STUDIO_SMTP_URL: smtp_url }),
      new ConfigError(
        "LABEL_STUDIO_SMTP_URL is not usable: use an address such as smtps://user:password@mail.example.com or smtp://mail.example.com:587",
      ),
    );
});
