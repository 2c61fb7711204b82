import { pbkdf2, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";

const derive = promisify(pbkdf2);

/** A hash as Django keeps it. */
export interface DjangoHash {
  iterations: number;
  salt: string;
  hash: Buffer;
}

/** Ten times what Django 5.2 does: more would keep the server busy for seconds at each log-in that is refused. */
const mostIterations = 10_000_000;

const bytes = 32;

/** Reads `pbkdf2_sha256$iterations$salt$hash`; undefined for any other hasher, and for what matches no password. */
export function parseDjangoHash(text: string): DjangoHash | undefined {
  const parts = /^pbkdf2_sha256\$([1-9]\d{0,8})\$([^$]+)\$([A-Za-z0-9+/]{43}=)$/.exec(text);
  if (!parts) return undefined;
  const [, count, salt = "", encoded = ""] = parts;
  const iterations = Number(count);
  const hash = Buffer.from(encoded, "base64");
  return iterations <= mostIterations && hash.length === bytes ? { iterations, salt, hash } : undefined;
}

/** Whether this is the password of a hash. Spends so many iterations on each that is not, whatever the hash is. */
export async function verifyDjangoHash(password: string, text: string, iterations: number): Promise<boolean> {
  const kept = parseDjangoHash(text);
  if (kept && timingSafeEqual(await derive(password, kept.salt, kept.iterations, bytes, "sha256"), kept.hash))
    return true;
  const left = iterations - (kept?.iterations ?? 0);
  if (left > 0) await derive(password, "nobody", left, bytes, "sha256");
  return false;
}
