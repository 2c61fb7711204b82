import { closeSync, constants, openSync } from "node:fs";
import { stripVTControlCharacters } from "node:util";

import { spawn } from "@lydell/node-pty";
import type { IPty } from "@lydell/node-pty";

interface TerminalOptions {
  env: NodeJS.ProcessEnv;
  cwd: string;
  /** How long each wait may take, in milliseconds. */
  timeout?: number;
}

/** Runs the command in a terminal of its own, as a person would see it and type into it. */
export function runInTerminal(command: string, args: string[], options: TerminalOptions): Terminal {
  const { env, cwd, timeout = 30_000 } = options;
  return new Terminal(spawn(command, args, { env, cwd, cols: 120, rows: 40 }), timeout);
}

export class Terminal {
  #raw = "";
  #seen = 0;
  #exitCode: number | undefined;
  readonly #waiting = new Set<() => void>();

  readonly #pty: IPty;
  readonly #timeout: number;

  constructor(pty: IPty, timeout: number) {
    this.#pty = pty;
    this.#timeout = timeout;
    pty.onData((data) => {
      this.#raw += data;
      this.#wake();
    });
    const release = holdOpen(pty);
    pty.onExit(({ exitCode, signal }) => {
      release();
      this.#exitCode = signal ? 128 + signal : exitCode;
      this.#wake();
    });
  }

  /** Everything shown so far, without colours and cursor movements. */
  get output(): string {
    return stripVTControlCharacters(this.#raw);
  }

  /** The exit code, as a shell would tell it. */
  get exit(): Promise<number> {
    return this.#until("an exit", () => this.#exitCode);
  }

  /** Waits until the pattern is shown, after what the last call found. */
  async shows(pattern: RegExp): Promise<void> {
    this.#seen = await this.#until(String(pattern), () => {
      const found = pattern.exec(this.output.slice(this.#seen));
      if (found) return this.#seen + found.index + found[0].length;
      if (this.#exitCode !== undefined) throw this.#failure(`Exited (${this.#exitCode}) without showing ${pattern}`);
      return undefined;
    });
  }

  types(text: string): void {
    this.#pty.write(text);
  }

  /** Closes the terminal, which ends a command still running in it. */
  close(): void {
    if (this.#exitCode === undefined) this.#pty.kill();
  }

  #until<T>(what: string, look: () => T | undefined): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const timer = setTimeout(() => {
        this.close();
        fail(this.#failure(`Waited ${this.#timeout} ms for ${what}`));
      }, this.#timeout);
      const stop = () => {
        clearTimeout(timer);
        this.#waiting.delete(check);
      };
      const fail = (error: unknown) => {
        stop();
        reject(error);
      };
      const check = () => {
        try {
          const result = look();
          if (result === undefined) return;
          stop();
          resolve(result);
        } catch (error) {
          fail(error);
        }
      };
      this.#waiting.add(check);
      check();
    });
  }

  #wake(): void {
    for (const check of this.#waiting) check();
  }

  #failure(message: string): Error {
    return new Error(`${message}. The terminal shows:\n${this.output}`);
  }
}

/**
 * Keeps the command's end of the terminal open until release: when the command closes it as the last one, Node takes
 * that for the end of the output and drops what it had not read yet. Windows has no such end, and no such trouble.
 */
function holdOpen(pty: IPty): () => void {
  if (!("ptsName" in pty) || typeof pty.ptsName !== "string") return () => {};
  const end = openSync(pty.ptsName, constants.O_RDWR | constants.O_NOCTTY);
  return () => closeSync(end);
}
