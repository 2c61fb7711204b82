const barWidth = 30;

/** How often a bar is drawn again, and how often a line is written where nobody sees a bar; in milliseconds. */
const pauses = { bar: 100, line: 5000 };

export interface Progress {
  tell(progress: { name: string; done: number; total: number }): void;
  /** Removes the bar. */
  end(): void;
}

/** Shows on standard error how far a command is: a bar on a terminal, now and then a line elsewhere. */
export function showProgress(stream: NodeJS.WriteStream = process.stderr): Progress {
  let next = 0;
  const clear = () => void stream.write("\r\u001b[K");
  return {
    tell({ name, done, total }) {
      const isDone = done >= total;
      const at = Date.now();
      if (stream.isTTY) {
        if (at < next && !isDone) return;
        next = at + pauses.bar;
        clear();
        stream.write(`${bar(done, total)} ${name} ${done} of ${total}`);
      } else if (at >= next || isDone) {
        next = at + pauses.line;
        stream.write(`${name}: ${done} of ${total}\n`);
      }
    },
    end: () => {
      if (stream.isTTY) clear();
    },
  };
}

function bar(done: number, total: number): string {
  const filled = total > 0 ? Math.round((barWidth * Math.min(done, total)) / total) : barWidth;
  return `[${"#".repeat(filled)}${" ".repeat(barWidth - filled)}]`;
}
