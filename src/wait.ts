/** "30 seconds", "1 minute", "15 minutes": rounded up, so that who waits so long has waited enough. */
export function waitInWords(seconds: number): string {
  if (seconds < 120) return seconds === 1 ? "1 second" : `${seconds} seconds`;
  return `${Math.ceil(seconds / 60)} minutes`;
}
