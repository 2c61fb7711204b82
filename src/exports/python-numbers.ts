/** As Python prints numbers: with an exponent below 0.0001 and, for fractions, from 1e16 on, of two digits at least. */
export function pythonNumber(value: number): string {
  if (Number.isSafeInteger(value)) return String(value);
  const [digits = "", exponent = "0"] = value.toExponential().split("e");
  const power = Number(exponent);
  if (power >= -4 && power < 16) return String(value);
  return `${digits}e${power < 0 ? "-" : "+"}${String(Math.abs(power)).padStart(2, "0")}`;
}

/** As Python prints the result of a calculation with fractions: 5.0. */
export function pythonFloat(value: number): string {
  if (!Number.isInteger(value) || Math.abs(value) >= 1e16) return pythonNumber(value);
  return `${Object.is(value, -0) ? "-0" : value}.0`;
}

/** Rounds halves to the even neighbor, as Python does. */
export function roundHalfEven(value: number): number {
  const rounded = Math.round(value);
  return Math.abs(value % 1) === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
}

/** JSON on one line as Python writes it, with spaces after colons and commas, and in ASCII alone. Values are JSON texts. */
export function pythonJson(members: Record<string, string>): string {
  const texts = Object.entries(members).map(([name, value]) => `${JSON.stringify(name)}: ${value}`);
  return `{${texts.join(", ")}}`.replaceAll(/[\u007f-\uffff]/g, (unit) => {
    return unit === "\u007f" ? unit : `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}
