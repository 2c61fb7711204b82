import type { Io, TerminalStream } from "./io.ts";

const barWidth = 30;

/** How often the bar is drawn again, in milliseconds. */
const interval = 100;

/** How far a part of the work is, in rows. */
interface Progress {
  name: string;
  done: number;
  total: number;
}

/** Shows a bar on a terminal until some work ends, which calls `onProgress` as often as it likes. Elsewhere it shows nothing. */
export async function withProgress<Result>(
  { stderr }: Io,
  work: (onProgress: (progress: Progress) => void) => Promise<Result>,
): Promise<Result> {
  if (!stderr.isTTY) return work(() => undefined);
  try {
    return await work(progressBar(stderr));
  } finally {
    clearLine(stderr);
  }
}

function progressBar(stream: TerminalStream): (progress: Progress) => void {
  let next = 0;
  return ({ name, done, total }) => {
    const at = Date.now();
    if (at < next && done < total) return;
    next = at + interval;
    clearLine(stream);
    stream.write(`${bar(done, total)} ${name} ${done} of ${total}`);
  };
}

function clearLine(stream: TerminalStream): void {
  stream.write("\r\u001b[K");
}

function bar(done: number, total: number): string {
  const filled = total > 0 ? Math.round((barWidth * Math.min(done, total)) / total) : barWidth;
  return `[${"#".repeat(filled)}${" ".repeat(barWidth - filled)}]`;
}
