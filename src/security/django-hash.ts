import { pbkdf2, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";

const derive = promisify(pbkdf2);

/** The parts of a password hash of Django. */
interface DjangoHash {
  iterations: number;
  salt: string;
  hash: Buffer;
}

/** Ten times Django 5.2's default: with more, each log-in that is refused would keep a thread busy for seconds. */
const maxIterations = 10_000_000;

const hashBytes = 32;

/** Parses `pbkdf2_sha256$iterations$salt$hash`. Returns undefined for any other hasher, and for an unusable password. */
export function parseDjangoHash(text: string): DjangoHash | undefined {
  const parts = /^pbkdf2_sha256\$([1-9]\d{0,8})\$([^$]+)\$([A-Za-z0-9+/]{43}=)$/.exec(text);
  if (!parts) return undefined;
  const [, count, salt = "", encoded = ""] = parts;
  const iterations = Number(count);
  const hash = Buffer.from(encoded, "base64");
  return iterations <= maxIterations && hash.length === hashBytes ? { iterations, salt, hash } : undefined;
}

/**
 * Whether the password matches the hash. Each password that does not match costs `iterations`, whatever the hash costs, so that
 * the response time tells nothing about the account.
 */
export async function verifyDjangoHash(password: string, text: string, iterations: number): Promise<boolean> {
  const parsed = parseDjangoHash(text);
  if (
    parsed &&
    timingSafeEqual(await derive(password, parsed.salt, parsed.iterations, hashBytes, "sha256"), parsed.hash)
  )
    return true;
  const remaining = iterations - (parsed?.iterations ?? 0);
  if (remaining > 0) await derive(password, "nobody", remaining, hashBytes, "sha256");
  return false;
}
