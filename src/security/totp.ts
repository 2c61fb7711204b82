import { randomInt } from "node:crypto";

/** Seconds that a code is shown. */
export const stepSeconds = 30;

/** Returns a new secret of 160 random bits, in base32 as authenticator apps take it. */
export async function newTotpSecret(): Promise<string> {
  const { generateSecret } = await import("otplib");
  return generateSecret();
}

/** The address that an authenticator app reads from the QR code. */
export async function totpUri(secret: string, { issuer, email }: { issuer: string; email: string }): Promise<string> {
  const { generateURI } = await import("otplib");
  // A colon separates the two, so neither may have one.
  return generateURI({ secret, issuer: issuer.replaceAll(":", " "), label: email.replaceAll(":", " ") });
}

/**
 * Returns the step, counted from 1970, that a code of six digits is of; spaces are ignored. By this server's clock, and one step
 * before and after, for phones whose clock is not exact. Undefined if it is of none of them.
 */
export async function findTotpStep(secret: string, code: string): Promise<number | undefined> {
  const token = code.replaceAll(/\s/g, "");
  if (!/^\d{6}$/.test(token)) return undefined;
  const { verify } = await import("otplib");
  const result = await verify({ secret, token, period: stepSeconds, epochTolerance: stepSeconds });
  return result.valid && "timeStep" in result ? result.timeStep : undefined;
}

/** Without i, l, o and u, which people take for others (Crockford's base32). */
const recoveryLetters = "0123456789abcdefghjkmnpqrstvwxyz";

/** 24 letters of 5 bits: 120 random bits. */
const recoveryLength = 24;

/** Returns a new recovery code, in groups of four: `4f7k-92mq-x8vd-1tzn-q2rc-77pw`. */
export function newRecoveryCode(): string {
  const letters = Array.from({ length: recoveryLength }, () => recoveryLetters[randomInt(recoveryLetters.length)]);
  return inGroups(letters.join(""));
}

/** Returns a typed recovery code as it was made, whatever its case and its gaps; undefined if it can be none. */
export function normalizeRecoveryCode(typed: string): string | undefined {
  const letters = typed.toLowerCase().replaceAll(/[\s-]/g, "").replaceAll("o", "0").replaceAll(/[il]/g, "1");
  const isCode = letters.length === recoveryLength && [...letters].every((letter) => recoveryLetters.includes(letter));
  return isCode ? inGroups(letters) : undefined;
}

function inGroups(letters: string): string {
  return letters.replaceAll(/(.{4})(?=.)/g, "$1-");
}
