import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";

import type { Browser } from "playwright-core";
import selfsigned from "selfsigned";

import { freePort } from "../../scripts/support/ports.js";
import { owner, startServer } from "../../scripts/support/server.js";
import { table } from "../../cli/support/table.ts";
import { launchChromium } from "../support/launch-chromium.ts";
import { documentedSite, siteOf, startProxy } from "./proxies.ts";
import type { Setup } from "./proxies.ts";
import { walk } from "./walk.ts";

/** A public name, since others are trusted more. */
const name = "labels.example.com";
const wanted = process.argv.slice(2);

const proxies = ["nginx", "caddy", "haproxy"] as const;
const setups: Setup[] = proxies.flatMap((proxy) =>
  (["", "/labels"] as const).flatMap((prefix) =>
    (["http", "https"] as const).flatMap((protocol) =>
      [true, false].map((isHostKept) => ({ proxy, prefix, protocol, isHostKept, isStripped: false })),
    ),
  ),
);

type Server = Awaited<ReturnType<typeof startServer>>;

const servers = new Map<string, Promise<Server>>();

/** One server for each setting, which all set-ups share. */
function serverWith(host: string): Promise<Server> {
  const server = servers.get(host) ?? startServer({ host: host || undefined });
  servers.set(host, server);
  return server;
}

/** The least that Atelier has to be told, by LABEL_STUDIO_HOST; undefined if nothing helps. */
async function leastSetting(browser: Browser, setup: Setup, outside: number, certificates: string) {
  const address = `${setup.protocol}://${name}:${outside}${setup.prefix}`;
  for (const setting of ["", ...(setup.prefix ? [setup.prefix] : []), address]) {
    const { port } = await serverWith(setting);
    const site = siteOf(setup, { name, outside, inside: port, certificates });
    const stop = await startProxy(setup.proxy, site, outside);
    try {
      await walk(browser, address, owner);
      return setting === address ? `LABEL_STUDIO_HOST=${setup.protocol}://${name}${setup.prefix}` : describe(setting);
    } catch (error) {
      if (process.env.VERBOSE)
        process.stderr.write(`${JSON.stringify(setup)} ${setting}: ${error instanceof Error ? error.message : ""}\n`);
    } finally {
      await stop();
    }
  }
  return undefined;
}

/** Whether the configuration of docs/proxies.md works without any setting. */
async function documentedWorks(browser: Browser, proxy: Setup["proxy"], outside: number, certificates: string) {
  const { port } = await serverWith("");
  const site = documentedSite(proxy, { name, outside, inside: port, certificates });
  const stop = await startProxy(proxy, site, outside);
  try {
    await walk(browser, `https://${name}:${outside}`, owner);
    return true;
  } catch (error) {
    process.stderr.write(`docs/proxies.md, ${proxy}: ${error instanceof Error ? error.message : ""}\n`);
    return false;
  } finally {
    await stop();
  }
}

function describe(setting: string): string {
  return setting === "" ? "none" : `LABEL_STUDIO_HOST=${setting}`;
}

function titleOf({ proxy, prefix, protocol, isHostKept }: Setup): string[] {
  return [proxy, prefix ? "path" : "root", protocol, isHostKept ? "kept" : "rewritten"];
}

async function writeCertificates(): Promise<string> {
  const folder = mkdtempSync(path.join(os.tmpdir(), "atelier-certificates-"));
  const { cert, private: key } = await selfsigned.generate([{ name: "commonName", value: name }]);
  for (const [file, content] of [
    ["cert.pem", cert],
    ["key.pem", key],
    ["both.pem", `${cert}\n${key}`],
  ] as const)
    writeFileSync(path.join(folder, file), content, { mode: 0o600 });
  return folder;
}

async function main(): Promise<void> {
  const certificates = await writeCertificates();
  const browser = await launchChromium([`--host-resolver-rules=MAP ${name} 127.0.0.1`, "--ignore-certificate-errors"]);
  const ports = { http: await freePort(), https: await freePort() };
  const rows: string[][] = [];
  try {
    for (const setup of setups) {
      const title = titleOf(setup);
      if (!wanted.every((word) => title.includes(word))) continue;
      const settings: (string | undefined)[] = [];
      for (const isStripped of setup.prefix ? [true, false] : [false])
        settings.push(await leastSetting(browser, { ...setup, isStripped }, ports[setup.protocol], certificates));
      const [stripped, kept = stripped] = settings.map((setting) => setting ?? "DOES NOT WORK");
      rows.push([...title, stripped === kept ? String(stripped) : `stripped: ${stripped}; passed on: ${kept}`]);
      process.stderr.write(`${rows.at(-1)?.join("  ")}\n`);
    }
    for (const proxy of proxies) {
      if (!wanted.every((word) => [proxy, "documented"].includes(word))) continue;
      const works = await documentedWorks(browser, proxy, ports.https, certificates);
      rows.push([proxy, "root", "https", "documented", works ? "none" : "DOES NOT WORK"]);
    }
  } finally {
    await browser.close();
    for (const server of servers.values()) await (await server).stop();
    rmSync(certificates, { recursive: true });
  }
  const heads = ["proxy", "place", "outside", "Host", "setting that it needs"];
  process.stdout.write(`\n${table(heads, rows).join("\n")}\n`);
  const needless = rows.filter((row) => row[4] === "none").length;
  process.stdout.write(`\n${rows.length} set-ups, ${needless} of them without any setting\n`);
  process.exitCode = rows.some((row) => row[4]?.includes("DOES NOT WORK")) ? 1 : 0;
}

// Servers, proxies and the browser end with this process, however it ends.
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit(1));
await main();
