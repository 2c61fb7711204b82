import type { Io, TerminalStream } from "./io.ts";

const barWidth = 30;

/** How often the bar is drawn again, and how often a line is written where there is no terminal; in milliseconds. */
const intervals = { bar: 100, line: 5000 };

/** How far a part of the work is, in rows. */
interface Progress {
  name: string;
  done: number;
  total: number;
}

/**
 * Shows on standard error how far some work is until it ends: a bar on a terminal, now and then a line elsewhere. The work
 * calls `onProgress` as often as it likes.
 */
export async function withProgress<Result>(
  { stderr }: Io,
  work: (onProgress: (progress: Progress) => void) => Promise<Result>,
): Promise<Result> {
  try {
    return await work(progressReporter(stderr));
  } finally {
    if (stderr.isTTY) clearLine(stderr);
  }
}

function progressReporter(stream: TerminalStream): (progress: Progress) => void {
  let next = 0;
  return ({ name, done, total }) => {
    const isDone = done >= total;
    const at = Date.now();
    if (at < next && !isDone) return;
    if (stream.isTTY) {
      next = at + intervals.bar;
      clearLine(stream);
      stream.write(`${bar(done, total)} ${name} ${done} of ${total}`);
    } else {
      next = at + intervals.line;
      stream.write(`${name}: ${done} of ${total}\n`);
    }
  };
}

function clearLine(stream: TerminalStream): void {
  stream.write("\r\u001b[K");
}

function bar(done: number, total: number): string {
  const filled = total > 0 ? Math.round((barWidth * Math.min(done, total)) / total) : barWidth;
  return `[${"#".repeat(filled)}${" ".repeat(barWidth - filled)}]`;
}
