import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";

import { packageRoot } from "../../src/common/package.ts";

/** How a proxy is set up: as little as makes it pass requests on. */
export interface Setup {
  proxy: "nginx" | "caddy" | "haproxy";
  /** A path in front of all addresses, which the proxy may strip. */
  prefix: "" | "/labels";
  isStripped: boolean;
  protocol: "http" | "https";
  isHostKept: boolean;
}

export interface Ends {
  /** Where the proxy listens, and under which name. */
  name: string;
  outside: number;
  /** Where Atelier listens. */
  inside: number;
  /** A folder with the certificate (cert.pem), its key (key.pem) and both in one file (both.pem). */
  certificates: string;
}

/** How long a proxy may take to listen, in milliseconds. */
const limit = 10_000;

/** Where the proxy's own configuration and files of a test are. */
type Wrap = (sites: string, folder: string) => string;

/** A configuration of the proxy, with what stands in it for this site. */
const wrappers: Record<Setup["proxy"], Wrap> = {
  nginx: (sites, folder) => `
${process.getuid?.() === 0 ? "user root;" : ""}
daemon off;
pid ${folder}/nginx.pid;
error_log stderr crit;
events {}
http {
  access_log off;
  client_body_temp_path ${folder}/body;
  proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi;
  scgi_temp_path ${folder}/scgi;
  ${sites}
}
`,
  caddy: (sites, folder) => `
{
  admin off
  auto_https off
  storage file_system ${folder}
  log {
    level ERROR
  }
}
${sites}
`,
  haproxy: (sites) => `
defaults
  mode http
  timeout connect 5s
  timeout client 60s
  timeout server 60s
${sites}
`,
};

type Site = (setup: Setup, ends: Ends) => string;

const sites: Record<Setup["proxy"], Site> = {
  nginx: ({ prefix, isStripped, protocol, isHostKept }, { name, outside, inside, certificates }) => `
  server {
    listen 127.0.0.1:${outside}${protocol === "https" ? " ssl" : ""};
    server_name ${name};
    ${protocol === "https" ? `ssl_certificate ${certificates}/cert.pem; ssl_certificate_key ${certificates}/key.pem;` : ""}
    location ${prefix}/ {
      proxy_pass http://127.0.0.1:${inside}${isStripped ? "/" : ""};
      ${isHostKept ? "proxy_set_header Host $http_host;" : ""}
    }
  }
`,
  caddy: ({ prefix, isStripped, protocol, isHostKept }, { name, outside, inside, certificates }) => `
${protocol}://${name}:${outside} {
  ${protocol === "https" ? `tls ${certificates}/cert.pem ${certificates}/key.pem` : ""}
  ${isStripped ? "handle_path" : "handle"} ${prefix}/* {
    reverse_proxy 127.0.0.1:${inside} {
      ${isHostKept ? "" : "header_up Host {upstream_hostport}"}
    }
  }
}
`,
  haproxy: ({ prefix, isStripped, protocol, isHostKept }, { outside, inside, certificates }) => `
frontend outside
  bind 127.0.0.1:${outside}${protocol === "https" ? ` ssl crt ${certificates}/both.pem` : ""}
  ${isHostKept ? "" : `http-request set-header Host 127.0.0.1:${inside}`}
  ${isStripped ? `http-request replace-path ^${prefix}(/.*)$ \\1` : ""}
  default_backend atelier
backend atelier
  server one 127.0.0.1:${inside}
`,
};

/** The configuration that docs/proxies.md recommends, with the ports and files of a test in the place of its own. */
export function documentedSite(proxy: Setup["proxy"], { name, outside, inside, certificates }: Ends): string {
  const page = readFileSync(path.join(packageRoot, "docs", "proxies.md"), "utf8");
  const site = new RegExp("^```" + proxy + "\\w*\n(.*?)^```", "ms").exec(page)?.[1];
  if (!site) throw new Error(`docs/proxies.md has no configuration for ${proxy}`);
  return site
    .replace(/^(\s*listen |\s*bind ):?443\b/m, `$1127.0.0.1:${outside}`)
    .replace(`${name} {`, `https://${name}:${outside} {\n  tls ${certificates}/cert.pem ${certificates}/key.pem`)
    .replace("127.0.0.1:8080", `127.0.0.1:${inside}`)
    .replace("/etc/ssl/labels-with-key.pem", `${certificates}/both.pem`)
    .replace("/etc/ssl/labels.pem", `${certificates}/cert.pem`)
    .replace("/etc/ssl/labels.key", `${certificates}/key.pem`);
}

/** The least configuration of a set-up. */
export function siteOf(setup: Setup, ends: Ends): string {
  return sites[setup.proxy](setup, ends);
}

const commands = {
  nginx: { file: "nginx.conf", args: ["-e", "stderr", "-c"] },
  caddy: { file: "Caddyfile", args: ["run", "--adapter", "caddyfile", "--config"] },
  haproxy: { file: "haproxy.cfg", args: ["-q", "-db", "-f"] },
};

/** Starts a proxy that listens on this port, and returns the function that stops it. */
export async function startProxy(proxy: Setup["proxy"], site: string, port: number): Promise<() => Promise<void>> {
  const { file, args } = commands[proxy];
  const folder = mkdtempSync(path.join(os.tmpdir(), "atelier-proxy-"));
  const config = path.join(folder, file);
  writeFileSync(config, wrappers[proxy](site, folder));
  const env = { PATH: process.env.PATH, HOME: folder };
  const child = spawn(proxy, [...args, config], { cwd: folder, env, stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (said += text));
  const ended = once(child, "exit");
  const end = () => child.kill();
  process.once("exit", end);
  const stop = async () => {
    process.off("exit", end);
    child.kill();
    const timer = setTimeout(() => child.kill("SIGKILL"), limit);
    await ended;
    clearTimeout(timer);
    rmSync(folder, { recursive: true });
  };
  const until = Date.now() + limit;
  while (!(await isListening(port))) {
    if (Date.now() < until && child.exitCode === null) await wait(20);
    else {
      await stop();
      throw new Error(`${proxy} did not listen within ${limit} ms: ${said}`);
    }
  }
  return stop;
}

async function isListening(port: number): Promise<boolean> {
  const socket = net.connect(port, "127.0.0.1");
  try {
    await once(socket, "connect");
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
