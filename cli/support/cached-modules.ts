import { closeSync, existsSync, fstatSync, openSync, readSync, writeFileSync } from "node:fs";
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

/** What a file is wrapped in, as Node does. */
const wrapperStart = "(function (exports, require, module, __filename, __dirname, importFromNode) {";
const wrapperEnd = "\n})";

/** More than a file of the build has, in bytes; what is not written to takes no memory. */
const largestFile = 4 * 1024 * 1024;

/**
 * Loads files of the build, which are CommonJS, as Node does, but with V8's code cache: functions that it holds are not
 * compiled again. Node's own loader has one since version 22, and fills it at the first start.
 */
export class CachedModules {
  readonly #scripts = new Map<string, vm.Script>();
  readonly #modules = new Map<string, Module>();
  /** Each file is read into the same memory: buffers of their own would stay until V8 collects garbage. */
  readonly #bytes = Buffer.allocUnsafeSlow(largestFile);

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
    const script = this.#scripts.get(file) ?? this.#compileFirst(file);
    this.#scripts.set(file, script);
    return script;
  }

  #compileFirst(file: string): vm.Script {
    // The build writes nothing but ASCII.
    const source = this.#read(file, wrapperStart, wrapperEnd).toString("latin1");
    const cacheFile = codeCacheOf(file);
    const cachedData = existsSync(cacheFile) ? this.#read(cacheFile) : undefined;
    return new vm.Script(source, { filename: file, cachedData });
  }

  /** Valid until the next one is read. */
  #read(file: string, start = "", end = ""): Buffer {
    const descriptor = openSync(file, "r");
    try {
      const { size } = fstatSync(descriptor);
      const bytes = this.#bytes.subarray(0, start.length + size + end.length);
      bytes.write(start);
      readSync(descriptor, bytes, start.length, size, 0);
      bytes.write(end, start.length + size);
      return bytes;
    } finally {
      closeSync(descriptor);
    }
  }
}

/** V8 itself looks at its version and options alone. */
function codeCacheOf(file: string): string {
  return `${file}.${process.version}-${process.platform}-${process.arch}.cache`;
}
