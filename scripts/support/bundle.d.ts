import type { BuildOptions } from "esbuild";

/** esbuild's options for the program: a file for each entry, and one for what several entries or commands share. */
export const bundleOptions: BuildOptions;
