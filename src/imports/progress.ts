import type { ImportFile } from "../repositories/jobs/import-file.ts";

/** How often progress is noted, in milliseconds. */
const pace = 500;

/** Passes on the bytes of files, and notes now and then how many those were; a table, which is read twice, counts half each time. */
export function noteProgress(note: (bytes: number) => Promise<void>) {
  let read = 0;
  let noted = Date.now();
  return async function* counted(stream: AsyncIterable<Buffer>, { format }: ImportFile): AsyncGenerator<Buffer> {
    const readings = format === "csv" || format === "tsv" ? 2 : 1;
    for await (const chunk of stream) {
      yield chunk;
      read += chunk.length / readings;
      if (Date.now() - noted < pace) continue;
      noted = Date.now();
      await note(Math.floor(read));
    }
  };
}
