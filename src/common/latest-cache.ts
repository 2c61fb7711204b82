/** Remembers what was asked for last; what was not asked for the longest goes first. */
export class LatestCache<Value> {
  readonly #values = new Map<string, Value>();
  readonly #most: number;

  /** `most`: how many values are remembered. */
  constructor(most: number) {
    this.#most = most;
  }

  /** The value of a key, which is created unless it is remembered. */
  get(key: string, create: () => Value): Value {
    const value = this.#values.get(key) ?? create();
    this.#values.delete(key);
    this.#values.set(key, value);
    const [oldest] = this.#values.keys();
    if (this.#values.size > this.#most && oldest !== undefined) this.#values.delete(oldest);
    return value;
  }

  delete(key: string): void {
    this.#values.delete(key);
  }
}
