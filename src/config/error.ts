/** A setting that cannot be: the text is Apache's, because it reaches users through the scripts. */

export class ConfigError extends Error {
  override readonly name = "ConfigError";
  /** Apache checks some rules with Scala's `require`, which puts "requirement failed: " in front of the text. */
  readonly requirement: boolean;
  constructor(message: string, requirement = false) {
    super(message);
    this.requirement = requirement;
  }
}
