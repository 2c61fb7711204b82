/**
 * Limits of what people and programs may send, far above what real data needs. They are checked before any work is done with
 * what came, and whoever exceeds one is told which; docs/limits.md lists them for people.
 */

export const limits = Object.freeze({
  /** Objects and lists inside each other in JSON that the API receives, the outermost included. */
  jsonDepth: 100,
  /** The same in a task of a file: an export puts three levels around the result of an annotation. */
  importedJsonDepth: 103,
});
