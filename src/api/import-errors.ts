import createError from "http-errors";

import type { ImportResult } from "../imports/importer.ts";
import type { ImportFile } from "../repositories/jobs/imports.ts";
import { validationError } from "./errors.ts";

export const stoppedMessage =
  "The server is stopping. The import goes on by itself, here or on another server: send it again to hear how it ended.";

/** Throws Label Studio's 400 if the import has errors; a body that is not JSON has another message. */
export function throwImportErrors({ errors }: ImportResult, files: ImportFile[]): void {
  const [first] = errors;
  if (!first) return;
  if (!first.is_unreadable) throw invalid(...errors.map(({ api_message }) => api_message));
  if (files[0]?.name === "") throw createError(400, `JSON parse error - line ${first.line}: ${first.message}`);
  throw invalid(`Failed to parse input file ${first.file}: line ${first.line}: ${first.message}`);
}

function invalid(...non_field_errors: string[]): Error {
  return validationError({ non_field_errors });
}
