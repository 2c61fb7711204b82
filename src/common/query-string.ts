/** Writes parameters for an address, with the `?` in front; those that are empty are left out, and `""` is left of none. */
export function queryString(parameters: Record<string, string | number | undefined | false>): string {
  const written = Object.entries(parameters).flatMap(([name, value]): [string, string][] =>
    value ? [[name, String(value)]] : [],
  );
  return written.length > 0 ? `?${new URLSearchParams(written).toString()}` : "";
}
