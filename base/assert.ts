/** Invariants of our own code. They stay on in production: a broken one must stop the damage, not describe it later. */

export class AssertionError extends Error {
  override readonly name = "AssertionError";
}

/** Throws on a bug in our code. Bad input is a KafkaError, a failing disk a DiskError; neither is an assert. */
export function assert(holds: boolean, invariant: string): asserts holds {
  if (!holds) throw new AssertionError(invariant);
}

/** The `default:` of a switch over a union: a new member that nobody handles fails to compile here. */
export function unreachable(value: never): never {
  throw new AssertionError(`unhandled ${JSON.stringify(value)}`);
}
