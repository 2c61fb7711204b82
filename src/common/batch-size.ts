export type BatchSize = Pick<ReturnType<typeof batchSize>, "current" | "adapt">;

/** The size of the next batch of rows, so that each takes about this many milliseconds on the machine it runs on. */
export function batchSize({
  first,
  min = 1,
  max,
  milliseconds,
}: {
  first: number;
  min?: number;
  max: number;
  milliseconds: number;
}) {
  let current = first;
  const took = (elapsed: number): void => {
    const factor = milliseconds / Math.max(elapsed, 0.1);
    current = Math.round(Math.min(max, Math.max(min, current * Math.min(2, Math.max(0.25, factor)))));
  };
  return {
    get current() {
      return current;
    },

    /** Does the work on a batch of the current size, and adapts the size by how long it took. */
    async adapt<Result>(work: () => Promise<Result>): Promise<Result> {
      const started = performance.now();
      const result = await work();
      took(performance.now() - started);
      return result;
    },

    /** Adapts the size by how many milliseconds a batch of the current size took. */
    took,
  };
}
