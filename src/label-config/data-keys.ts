import type { ParsedLabelConfig } from "./parsed-label-config.ts";

/** The fields of the data that the objects of the controls show, each once. */
export function dataKeys(controls: ParsedLabelConfig): string[] {
  const inputs = Object.values(controls).flatMap((control) => control.inputs);
  const keys = inputs.flatMap(({ value, valueList }) => [value, valueList].filter((key) => key !== undefined));
  return [...new Set(keys)];
}
