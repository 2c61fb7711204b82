/** Where tests say what is to be done when they have ended. */
export interface TestHooks {
  after: (work: () => Promise<void>) => void;
}
