/** Splits text that comes in chunks into lines, which end with LF. */
export function lineSplitter() {
  let unfinished = "";
  return {
    /** The lines that this chunk completes, without their LF. */
    push(chunk: string): string[] {
      const lines = chunk.split("\n");
      const last = lines.pop() ?? "";
      // Joined only where lines end: searching the whole unfinished line for each chunk would be quadratic.
      const [first] = lines;
      if (first === undefined) unfinished += last;
      else {
        lines[0] = unfinished + first;
        unfinished = last;
      }
      return lines;
    },

    /** What follows the last LF so far. */
    rest: (): string => unfinished,
  };
}
