import type { BrowserContext } from "playwright-core";
import type { Response } from "supertest";

import type { Browser } from "./app.ts";

export interface Cookie {
  name: string;
  value: string;
  /** In lower case and without lifetimes, sorted: `["httponly", "path=/", "samesite=lax"]`. */
  attributes: string[];
  /** Whether it outlives the browser's window. */
  isKept: boolean;
}

/** The cookies that an answer sets; of one that is set twice, the last. */
export function cookiesOf(answer: Response): Cookie[] {
  const cookies = (answer.get("Set-Cookie") ?? []).map(read);
  return [...new Map(cookies.map((cookie) => [cookie.name, cookie])).values()];
}

/** The session that an answer starts, as a `Cookie` header to send by hand. */
export function sessionHeader(answer: Response): string {
  const cookie = cookiesOf(answer).find(({ name }) => name.endsWith("sessionid"));
  if (!cookie?.value) throw new Error(`No session was started: ${answer.status} ${answer.text}`);
  return `${cookie.name}=${cookie.value}`;
}

/** The session of a browser without pages, as a `Cookie` header. */
export function sessionOf({ jar }: Browser): string {
  const everywhere = { path: "/", domain: "127.0.0.1", secure: false, script: false };
  return jar.getCookies(everywhere).toValueString();
}

/** Gives the cookie of a `Cookie` header to the pages of a context. */
export async function addCookie(context: BrowserContext, url: string, header: string): Promise<void> {
  const separator = header.indexOf("=");
  await context.addCookies([{ name: header.slice(0, separator), value: header.slice(separator + 1), url }]);
}

function read(line: string): Cookie {
  const [pair = "", ...rest] = line.split("; ");
  const attributes = rest.map((attribute) => attribute.toLowerCase());
  const isLifetime = (attribute: string) => /^(expires|max-age)=/.test(attribute);
  return {
    name: pair.slice(0, pair.indexOf("=")),
    value: pair.slice(pair.indexOf("=") + 1),
    attributes: attributes.filter((attribute) => !isLifetime(attribute)).sort(),
    isKept: attributes.some(isLifetime),
  };
}
