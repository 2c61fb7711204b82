import type { TableChecksum } from "../../src/database/transfer/checksum.ts";

export const dryRunNotice = "This was a dry run: nothing was changed.";

/** `3 rows in 28 tables` */
export function describeSize(sums: TableChecksum[]): string {
  return `${sums.reduce((total, { rows }) => total + rows, 0)} rows in ${sums.length} tables`;
}
