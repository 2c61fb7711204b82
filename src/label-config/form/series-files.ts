/** What is known of the file at the address of a series: its text, or why there is none, as a sentence. */
export type SeriesFile = { text: string } | { problem: string };

/** By the addresses that tasks have. */
export type SeriesFiles = ReadonlyMap<string, SeriesFile>;
