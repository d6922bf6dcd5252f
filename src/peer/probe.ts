/** Whether anybody listens at an address: connects, says nothing, and hangs up. */
import type { Address, Clock, Net } from "../../base/ports.ts";

/** A connection that stays open so long was accepted by a process that lives, if only by its system. */
const STAYS_MS = 20;
/** No answer either way: a network that swallows. */
const SETUP_MAX_MS = 1_000;

/** `unclear`: it was accepted and closed, which dying processes do, or there was no answer in time. */
export function probe(net: Net, clock: Clock, address: Address): Promise<"refused" | "listening" | "unclear"> {
  return new Promise((resolve) => {
    let cancel = clock.after(SETUP_MAX_MS, () => end("unclear"));
    const link = net.connect(address, () => ({
      opened: () => {
        cancel();
        cancel = clock.after(STAYS_MS, () => end("listening"));
      },
      refused: () => end("refused"),
      data: () => {},
      drain: () => {},
      closed: () => end("unclear"),
    }));
    const end = (found: "refused" | "listening" | "unclear"): void => {
      cancel();
      resolve(found);
      link.destroy();
    };
  });
}
