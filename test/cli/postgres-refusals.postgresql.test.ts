import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { rmSync } from "node:fs";
import http from "node:http";
import net from "node:net";
import path from "node:path";
import { test } from "node:test";

import { freePort } from "../../scripts/support/ports.js";
import { parseLocation } from "../../src/database/location.ts";
import { openDatabase } from "../../src/database/open.ts";
import { share } from "../support/app.ts";
import { openShellInProcess } from "../support/command.ts";
import { createFakePostgres } from "../support/fake-postgres.ts";
import { folderContents } from "../support/folder-contents.ts";
import { recordedFiles } from "../support/label-studio.ts";
import { listen } from "../support/listen.ts";
import type { TestHooks } from "../support/test-hooks.ts";

const server = process.env.ATELIER_TEST_POSTGRES ?? "";
const secret = "secret word";
/** In milliseconds, from the command to its line: four seconds of waiting, and a machine that does other things. */
const limit = 10_000;

const suffix = randomUUID().slice(0, 8);
/** Users of the server, by what its pg_hba.conf says of them. */
const roles = {
  scram: `scram_${suffix}`,
  tls: `tls_${suffix}`,
  limited: `limited_${suffix}`,
  rejected: `rejected_${suffix}`,
};

/** A database that only its owner may connect to. */
const closedDatabase = `closed_${suffix}`;

/** A shell with a database of its own to copy from, on a server that knows these users. */
const shared = share(async (t) => {
  const shell = openShellInProcess(t, { LABEL_STUDIO_SECRET_KEY: "k".repeat(50), DATABASE_URL: "" });
  assert.equal((await shell.run(["init", "-q"])).code, 0);
  await addRoles(t);
  return { ...shell, label_studio: recordedFiles(t).file };
});

async function addRoles(t: TestHooks): Promise<void> {
  const admin = openDatabase(parseLocation(server));
  for (const role of Object.values(roles)) await admin.raw(`create role ${role} login password '${secret}'`);
  await admin.raw(`create database ${closedDatabase}`);
  await admin.raw(`revoke connect on database ${closedDatabase} from public`);
  const lines = [
    `host all ${roles.scram} 127.0.0.1/32 scram-sha-256`,
    `host all ${roles.limited} 127.0.0.1/32 scram-sha-256`,
    `hostssl all ${roles.tls} 127.0.0.1/32 scram-sha-256`,
    `host all ${roles.tls} 127.0.0.1/32 reject`,
    `host all ${roles.rejected} 127.0.0.1/32 reject`,
  ];
  const hba = await admin.raw(
    "select pg_read_file(current_setting('hba_file')) as text, current_setting('hba_file') as file",
  );
  const { text, file } = hba.rows[0];
  const write = async (content: string) => {
    await admin.raw(
      `do $$ begin execute format('copy (select unnest(string_to_array(%L, E''\\n''))) to %L', ${quote(content)}, ${quote(file)}); end $$`,
    );
    await admin.raw("select pg_reload_conf()");
  };
  await write([...lines, text].join("\n"));
  t.after(async () => {
    await write(text);
    await admin.raw(`drop database ${closedDatabase}`);
    await admin.destroy();
  });
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

function at(parts: Partial<Pick<URL, "username" | "password" | "pathname" | "port" | "search" | "hostname">>): string {
  return Object.assign(new URL(server), { password: secret, ...parts }).href;
}

/** The address of a server that is listening on this machine. */
async function listening(t: TestHooks, other: net.Server): Promise<string> {
  other.on("connection", (socket) => void socket.on("error", () => undefined));
  return at({ port: String(await listen(t, other)) });
}

/** What is wrong with a database, and what each command says. */
const refusals: {
  what: string;
  address: (t: TestHooks) => string | Promise<string>;
  reason: RegExp;
  remedy: RegExp;
}[] = [
  {
    what: "asks for a password that was not given",
    address: () => at({ username: roles.scram, password: "" }),
    reason: /it asks for a password, and none was given/,
    remedy: /put it into (DATABASE_URL, or into POSTGRE_PASSWORD|--)/,
  },
  {
    what: "has another password",
    address: () => at({ username: roles.scram, password: "another secret word" }),
    reason: /password authentication failed for user "scram_/,
    remedy: /see that (DATABASE_URL \(or POSTGRE_USER|--)/,
  },
  {
    what: "does not know the user",
    address: () => at({ username: `nobody_${suffix}` }),
    reason: /failed for user "nobody_/,
    remedy: /see that (DATABASE_URL \(or POSTGRE_USER|--)/,
  },
  {
    what: "does not let the user in",
    address: () => at({ username: roles.rejected }),
    reason: /pg_hba\.conf rejects connection/,
    remedy: /pg_hba\.conf/,
  },
  {
    what: "wants TLS",
    address: () => at({ username: roles.tls }),
    reason: /pg_hba\.conf rejects connection.*no encryption/,
    remedy: /if it wants TLS, add \?sslmode=require to /,
  },
  {
    what: "speaks no TLS",
    address: () => at({ username: roles.scram, search: "?sslmode=require" }),
    reason: /does not support SSL/,
    remedy: /let the server speak TLS, or leave sslmode out/,
  },
  {
    what: "has no such database",
    address: () => at({ username: roles.scram, pathname: "/missing" }),
    reason: /database "missing" does not exist/,
    remedy: /create it \(create database "missing" owner "scram_\w+"\)/,
  },
  {
    what: "does not let the user into this database",
    address: () => at({ username: roles.scram, pathname: `/${closedDatabase}` }),
    reason: /permission denied for database "closed_/,
    remedy: /let "scram_\w+" connect to it \(grant connect on database "closed_\w+"\)/,
  },
  {
    what: "is not there",
    address: async () => at({ port: String(await freePort()) }),
    reason: /ECONNREFUSED/,
    remedy: /see that it runs and that (DATABASE_URL \(or POSTGRE_HOST|--)/,
  },
  {
    what: "has no address",
    address: () => at({ hostname: "nowhere.invalid" }),
    reason: /ENOTFOUND|EAI_AGAIN/,
    remedy: /see that it runs/,
  },
  {
    what: "is a web server",
    address: (t) => listening(t, http.createServer()),
    reason: /no answer of PostgreSQL/,
    remedy: /see that it runs and that /,
  },
  {
    what: "is a web server that is asked for TLS",
    address: async (t) => `${await listening(t, http.createServer())}?sslmode=require`,
    reason: /./,
    remedy: /see that /,
  },
  {
    what: "says nothing",
    address: (t) => listening(t, net.createServer()),
    reason: /no answer of PostgreSQL within 4 seconds/,
    remedy: /see that it runs and that /,
  },
];

const ours: string[][] = [["start", "--no-browser", "--port", "0"], ["user"], ["backup", "a.backup"], ["doctor"]];

for (const { what, address, reason, remedy } of refusals)
  test(`PostgreSQL that ${what}: each command says so in one line, with what to do, and ends soon`, async (t) => {
    const { run, home, label_studio } = await shared();
    const url = await address(t);
    const before = folderContents(home);
    // What waits for an answer, at the same moment.
    const outcomes = await Promise.all([
      ...ours.map(async (args) => timed(args, run(args, { env: { DATABASE_URL: url } }))),
      timed(["db copy from"], run(["db", "copy", "--to", path.join(home, "c")], { env: { DATABASE_URL: url } })),
      timed(["db copy --to"], run(["db", "copy", "--to", url])),
      timed(["import-label-studio --from"], run(["import-label-studio", "--from", url])),
      timed(
        ["import-label-studio into"],
        run(["import-label-studio", "--from", label_studio], { env: { DATABASE_URL: url } }),
      ),
    ]);

    for (const { name, code, text, milliseconds } of outcomes) {
      const line = text.split("\n").find((each) => reason.test(each) && remedy.test(each));
      assert.ok(line, `${name}: ${text}`);
      assert.equal(code, 1, `${name}: ${text}`);
      assert.doesNotMatch(text, new RegExp(`${secret}|secret%20word|^ +at `, "m"), name);
      assert.ok(milliseconds < limit, `${name} took ${milliseconds} ms`);
      if (name !== "doctor") assert.equal(text, `${line}\n`, name);
    }
    assert.deepEqual(folderContents(home), before);
  });

async function timed([name = ""]: string[], outcome: Promise<{ code: number | null; stdout: string; stderr: string }>) {
  const began = Date.now();
  const { code, stdout, stderr } = await outcome;
  return { name, code, text: `${name === "doctor" ? stdout : ""}${stderr}`, milliseconds: Date.now() - began };
}

test("PostgreSQL before 13: it is refused with its version, but read by import-label-studio", async (t) => {
  const { run } = await shared();
  const url = await listening(t, createFakePostgres("120022"));

  for (const args of [...ours, ["db", "copy", "--to", "c"]]) {
    const { code, stdout, stderr } = await run(args, { env: { DATABASE_URL: url } });

    assert.equal(code, 1, args[0]);
    assert.match(stdout + stderr, /\(it is PostgreSQL 12\): use PostgreSQL 13 or newer\.\n/, args[0]);
  }
});

test("PostgreSQL: a user who may not create tables is told which right is missing", async (t) => {
  const { run, home } = await shared();
  const url = at({ username: roles.limited });
  const backup = path.join(home, "rights.backup");
  assert.equal((await run(["backup", backup])).code, 0);
  t.after(async () => rmSync(backup));

  for (const args of [
    ["start", "--no-browser", "--port", "0"],
    ["init", "-q"],
    ["restore", backup],
    ["restore", backup, "--dry-run"],
  ]) {
    const { code, stderr } = await run(args, { env: { DATABASE_URL: url } });

    assert.equal(code, 1, args.join(" "));
    assert.match(
      stderr,
      /^The user "limited_\w+" lacks rights in postgresql:\S+ \(permission denied for schema public\): let it own the database \(alter database "postgres" owner to "limited_\w+"\), or grant it what is missing\.( Nothing was copied\.)?$/m,
      args.join(" "),
    );
    assert.doesNotMatch(stderr, /^ +at /m);
  }
  const copied = await run(["db", "copy", "--to", url]);
  assert.match(copied.stderr, /^The user "limited_\w+" lacks rights in /m);
});
