/** Returns why this program can't run on a version of Node, or undefined if it can. */
export function nodeVersionError(version: string): string | undefined {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major > required.major || (major === required.major && minor >= required.minor)) return undefined;
  return `Atelier needs Node ${required.major}.${required.minor} or newer, and this is ${version}: install one from https://nodejs.org.`;
}

/** As in package.json, which a program on an older Node must not have to read. */
const required = { major: 20, minor: 17 };
