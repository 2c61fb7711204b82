import readline from "node:readline";
import { Writable } from "node:stream";

import type { Io } from "./io.ts";

/** Asks questions on standard input and output, or reads one answer from each line when that is no terminal. */
export interface Terminal {
  /** Resolves to undefined at the end of the input. */
  ask(question: string): Promise<string | undefined>;
  /** As `ask`, with nothing echoed. */
  askSecretly(question: string): Promise<string | undefined>;
  close(): void;
}

/** One interface for a whole run: each reads ahead, so that a second one would miss lines. */
export function openTerminal({ stdin, stdout, exit }: Io): Terminal {
  // What is typed before it is asked for may be a password.
  let isEchoed = false;
  const echo = new Writable({
    write(chunk: Buffer, _encoding, done) {
      if (isEchoed) stdout.write(chunk);
      done();
    },
  });
  const lines = readline.createInterface({ input: stdin, output: echo, terminal: stdin.isTTY === true });
  const answers = lines[Symbol.asyncIterator]();
  // At once, since more lines may come in the same piece of input.
  lines.on("line", () => (isEchoed = false));

  const answer = async (): Promise<string | undefined> => {
    const { value, done } = (await answers.next()) as IteratorResult<string, undefined>;
    return done ? undefined : value;
  };

  // Ctrl-C is a key like any other while readline has the terminal.
  lines.on("SIGINT", () => {
    lines.close();
    stdout.write("\n");
    exit(130);
  });

  return {
    async ask(question) {
      stdout.write(question);
      isEchoed = true;
      return answer();
    },
    async askSecretly(question) {
      stdout.write(question);
      const typed = await answer();
      stdout.write("\n");
      return typed;
    },
    close: () => lines.close(),
  };
}

/** The first line of standard input, for --password-stdin. */
export async function readPassword({ stdin }: Io): Promise<string> {
  const lines = readline.createInterface({ input: stdin, terminal: false });
  for await (const line of lines) return line;
  return "";
}
