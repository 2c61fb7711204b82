import { storageError } from "../common/text-validation.ts";
import { isObject, numberFrom, fail } from "./checks.ts";
import type { Result } from "./checks.ts";

export interface ImportedPrediction {
  result: unknown[];
  score: number | null;
  /** `undefined`, as a word, when the file doesn't say, as in Label Studio. */
  model_version: string | null;
}

/** One of a task's predictions in a file; the error is in Label Studio's words where it has some. */
export function predictionFrom(value: unknown): Result<ImportedPrediction> {
  if (!isObject(value)) return fail("Prediction must be a dictionary");
  const { result, score = null, model_version = "undefined" } = value;
  if (!("result" in value)) return fail('Prediction must have "result" fields');
  if (!Array.isArray(result)) return fail('"result" field in prediction must be list');
  if (!result.every(isObject)) return fail("Each item in prediction result should be dict");
  const number = score === null ? null : numberFrom(score);
  if (number === undefined) return fail('"score" field in prediction must be number');
  if (model_version !== null && typeof model_version !== "string" && typeof model_version !== "number")
    return fail('"model_version" field in prediction must be text');
  const unkeepable = typeof model_version === "string" ? storageError(model_version) : undefined;
  if (unkeepable) return fail(`"model_version" field in prediction: ${unkeepable}`);
  return {
    ok: true,
    value: { result, score: number, model_version: model_version === null ? null : String(model_version) },
  };
}
