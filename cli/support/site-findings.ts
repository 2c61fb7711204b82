import type { Finding } from "./local-findings.ts";

/** How long the site may take for an answer, in milliseconds. */
const limit = 10_000;

/**
 * Asks a site from outside, as a browser does, whether what stands in front of it tells host, protocol and path. It changes
 * nothing there.
 */
export async function siteFindings(address: URL, base_path: string): Promise<Finding[]> {
  const base = address.origin + base_path;
  const health = await ask(`${base}/health`);
  if (typeof health === "string") return [{ name: "site", ok: false, message: `${base} doesn't answer: ${health}` }];
  if (!isUp(health.text))
    return [
      {
        name: "site",
        ok: false,
        message: `${base}/health answers ${health.status}, not as a running Atelier would: check the proxy's path and LABEL_STUDIO_HOST`,
      },
    ];
  const page = await ask(`${base}/user/login/`);
  const logout = await ask(`${base}/logout`, address.origin);
  const docs = await ask(`${base}/docs/api/`);
  if (typeof page === "string" || typeof logout === "string" || typeof docs === "string")
    return [{ name: "site", ok: false, message: `${base} stops answering` }];
  if (page.status === 421)
    return [{ name: "host", ok: false, message: `${address.host} is refused: add it to LABEL_STUDIO_ALLOWED_HOSTS` }];
  return [
    { name: "site", ok: true, message: `${base} answers` },
    path(base_path, page),
    forms(logout),
    ...origin(base, address, docs),
  ];
}

interface Answer {
  status: number;
  headers: Headers;
  text: string;
}

/** The answer, or why there is none. With `origin` a form of that site is sent. */
async function ask(url: string, origin?: string): Promise<Answer | string> {
  try {
    const form = {
      method: "POST",
      headers: { Origin: origin ?? "", "Content-Type": "application/x-www-form-urlencoded" },
    };
    const signal = AbortSignal.timeout(limit);
    const answer = await fetch(url, { redirect: "manual", signal, ...(origin !== undefined && form) });
    return { status: answer.status, headers: answer.headers, text: await answer.text() };
  } catch (error) {
    const { cause, message } = error as Error & { cause?: { code?: string; message?: string } };
    return cause?.code ?? cause?.message ?? message;
  }
}

function isUp(text: string): boolean {
  try {
    return (JSON.parse(text) as { status?: unknown } | null)?.status === "UP";
  } catch {
    return false;
  }
}

/** Whether the pages' links begin with the path of the address; a site without an account leads to sign-up. */
function path(prefix: string, { headers, text }: Answer): Finding {
  const links = [headers.get("location"), /<form [^>]*action="([^"]*)"/.exec(text)?.[1]].filter(Boolean);
  const ok = links.some((link) => link === `${prefix}/user/login/` || link === `${prefix}/user/signup/`);
  const remedy = `its links don't begin with ${prefix || "/"}: set LABEL_STUDIO_HOST to the address with its path`;
  return { name: "path", ok, message: ok ? prefix || "/" : remedy };
}

function forms({ status }: Answer): Finding {
  const ok = status !== 403;
  const remedy = "log-in is refused: let the proxy keep the Host header, or set LABEL_STUDIO_HOST";
  return { name: "forms", ok, message: ok ? "accepted" : remedy };
}

/** The address that the server takes for its own stands in the API's documentation. */
function origin(base: string, address: URL, { text }: Answer): Finding[] {
  const own = /url, token = &quot;([^&]*)&quot;|url, token = "([^"]*)"/.exec(text);
  const seen = own?.[1] ?? own?.[2] ?? "";
  if (!URL.canParse(seen)) return [{ name: "host", ok: false, message: `${base}/docs/api/ doesn't say its address` }];
  const { host, protocol } = new URL(seen);
  const isSameHost = host === address.host;
  const isSameProtocol = protocol === address.protocol;
  return [
    {
      name: "host",
      ok: isSameHost,
      message: isSameHost
        ? host
        : `the server believes its address is ${host}: let the proxy send Host or X-Forwarded-Host, or set LABEL_STUDIO_HOST`,
    },
    {
      name: "protocol",
      ok: isSameProtocol,
      message: isSameProtocol
        ? protocol.slice(0, -1)
        : `the server believes people use ${protocol}//: let the proxy send X-Forwarded-Proto, or set LABEL_STUDIO_HOST`,
    },
  ];
}
