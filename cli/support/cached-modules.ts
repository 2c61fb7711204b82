import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import vm from "node:vm";

interface Module {
  exports: unknown;
}

type Wrapper = (
  exports: unknown,
  require: (id: string) => unknown,
  module: Module,
  filename: string,
  dirname: string,
  importFromNode: (id: string) => Promise<unknown>,
) => void;

/**
 * Loads files of the build, which are CommonJS, as Node does, but with V8's code cache: functions that it holds are not
 * compiled again. Node's own loader has one since version 22, and fills it at the first start.
 */
export class CachedModules {
  readonly #scripts = new Map<string, vm.Script>();
  readonly #modules = new Map<string, Module>();

  /** Whether the file has a code cache for this version of Node with these options. */
  isCached(file: string): boolean {
    return this.#compile(file).cachedDataRejected === false;
  }

  load(file: string): unknown {
    const loaded = this.#modules.get(file);
    if (loaded) return loaded.exports;
    const module: Module = { exports: {} };
    this.#modules.set(file, module);
    const folder = path.dirname(file);
    const requireOfNode = createRequire(file);
    const requireOfFile = (id: string) => (/^\.\.?\//.test(id) ? this.load(path.join(folder, id)) : requireOfNode(id));
    const wrapper = this.#compile(file).runInThisContext() as Wrapper;
    wrapper(module.exports, requireOfFile, module, file, folder, (id) => import(id));
    return module.exports;
  }

  /** Writes the code cache of each file that was loaded, with the functions that have run. */
  writeCodeCache(): void {
    for (const [file, script] of this.#scripts) writeFileSync(codeCacheOf(file), script.createCachedData());
  }

  #compile(file: string): vm.Script {
    const script = this.#scripts.get(file) ?? compile(file, readCodeCache(file));
    this.#scripts.set(file, script);
    return script;
  }
}

function compile(file: string, cachedData: Buffer | undefined): vm.Script {
  // The build writes nothing but ASCII.
  const source = readFileSync(file, "latin1");
  const wrapped = `(function (exports, require, module, __filename, __dirname, importFromNode) {${source}\n})`;
  return new vm.Script(wrapped, { filename: file, cachedData });
}

function readCodeCache(file: string): Buffer | undefined {
  try {
    return readFileSync(codeCacheOf(file));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** V8 itself looks at its version and options alone. */
function codeCacheOf(file: string): string {
  return `${file}.${process.version}-${process.platform}-${process.arch}.cache`;
}
