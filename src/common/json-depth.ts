import { endOfString, quote } from "./raw-json.ts";

/** Returns why JSON is nested too deep, undefined if it is not. Reads the text without parsing it; it may be invalid. */
export function jsonDepthError(text: string, maxDepth: number): string | undefined {
  return exceedsDepth(text, maxDepth)
    ? `This JSON is nested more than ${maxDepth} levels deep: put fewer lists and objects inside each other.`
    : undefined;
}

function exceedsDepth(text: string, maxDepth: number): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text.charCodeAt(at);
    if (character === quote) at = endOfString(text, at) - 1;
    // [ and { are 0x5b and 0x7b, ] and } are 0x5d and 0x7d.
    else if ((character | 0x20) === 0x7b && ++depth > maxDepth) return true;
    else if ((character | 0x20) === 0x7d) depth--;
  }
  return false;
}
