import { limits } from "./limits.ts";

/** Why a regular expression can't be used. */
export class PatternError extends Error {}

/**
 * Compiles a regular expression that somebody sent, by RE2: it takes time that grows with the text times the expression and never
 * faster. Returns a function that tells whether the expression matches anywhere in a text. Throws a PatternError for what RE2
 * can't do, such as references back to a group, and looking ahead or behind.
 */
export async function linearPattern(source: string): Promise<(text: string) => boolean> {
  const { RE2JS, RE2JSException } = await import("re2js");
  try {
    const pattern = RE2JS.compile(withRe2Escapes(source));
    if (pattern.programSize() > limits.patternSize) throw new PatternError("it is too long: repeat less");
    return (text) => pattern.test(text);
  } catch (error) {
    if (error instanceof RE2JSException) throw new PatternError(error.message.replace(/^error parsing regexp: /, ""));
    throw error;
  }
}

/** Writes those escapes of Python that RE2 doesn't know as it does. */
function withRe2Escapes(source: string): string {
  return source.replace(/\\(?:u([0-9a-f]{4})|([\s\S]))/gi, (escape, hexadecimal?: string, letter?: string) =>
    hexadecimal ? `\\x{${hexadecimal}}` : letter === "Z" ? String.raw`\z` : escape,
  );
}
