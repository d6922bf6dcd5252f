/** What a handler may call: the parts of one node, handed in by `broker.ts`. Add a field where a handler needs one. */
import type { Clock, Logger, Random } from "../../base/ports.ts";

export interface Services {
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly nodeId: number;
  readonly clusterId: string;
}
