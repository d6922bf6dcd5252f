/**
 * Carries the requests of the quorum's nodes to each other. An answer is late, doubled, or never comes; a request that
 * was sent is not called back when its sender ends.
 */
import { type Message, type RequestOf, requestIn } from "../../../protocol/message.ts";
import type { HostAndPort, RaftNetwork } from "../../raft/driver/host.ts";
import type { Dice } from "../dice.ts";
import { type Life, stackOf, type World } from "../world.ts";
import type { Replica } from "./replica.ts";

/** As long as a channel waits before it gives the connection up. */
const ANSWER_MS = 2_000;

export interface MessageEvents {
  /** `to` works on a request; null where the request is lost. */
  arrived(to: Replica, name: string, request: unknown): Promise<unknown> | null;
  /** What it says leaves now. */
  answered(to: Replica, name: string, request: unknown, response: unknown): void;
  /** A message has done its work at a replica. */
  delivered(to: Party): void;
}

/** A replica, or somebody outside of the quorum. */
export interface Party {
  readonly id: number;
}

/** A name of a node (its port is the node's id) that leads to wherever that is. */
export const NAMED = "named";

export class Messages {
  /** Of all messages. */
  lossRate = 0;
  doubleRate = 0;
  delayMeanMs: number;
  count = 0;
  readonly cut = new Set<string>();
  private readonly world: World;
  private readonly dice: Dice;
  private readonly replicaAt: (to: HostAndPort) => Replica;
  private readonly events: MessageEvents;

  constructor(world: World, delayMeanMs: number, replicaAt: (to: HostAndPort) => Replica, events: MessageEvents) {
    this.world = world;
    this.dice = world.dice("messages");
    this.delayMeanMs = delayMeanMs;
    this.replicaAt = replicaAt;
    this.events = events;
  }

  /** The network as one process of the replica sees it. */
  door(from: Party, life: Life): RaftNetwork {
    return {
      ask: <Request, Response>(to: HostAndPort, message: Message<Request, Response>, asked: RequestOf<Request>) => {
        const request = requestIn(asked, message.versions[1]);
        const { promise, resolve, reject } = Promise.withResolvers<Response>();
        if (!life.acts) return promise;
        const target = this.replicaAt(to);
        const cancel = this.world.at(ANSWER_MS, () => reject(new Error("no answer in time")), life);
        const answered = (response: unknown) => {
          cancel();
          resolve(response as Response);
        };
        const failed = (reason: string) => {
          cancel();
          reject(new Error(reason));
        };
        const times = this.dice.chance(this.doubleRate) ? 2 : 1;
        for (let n = 0; n < times; n++) {
          this.carry(from, target, null, () =>
            this.serve({ from, life, to, target, name: message.name, request, answered, failed }),
          );
        }
        return promise;
      },
    };
  }

  private serve(call: Call): void {
    const { from, life, to, target, name, request } = call;
    const { current } = target;
    if (current?.driver == null || (to.host !== NAMED && to.port !== target.port)) {
      this.carry(target, from, life, () => call.failed("nobody is there"));
      return;
    }
    const there = current.life;
    this.world.at(
      0,
      () => {
        const answer = this.events.arrived(target, name, request);
        if (answer === null) return;
        this.events.delivered(target);
        answer.then(
          (response) => {
            if (!there.acts) return;
            this.events.answered(target, name, request, response);
            this.carry(target, from, life, () => {
              call.answered(response);
              this.events.delivered(from);
            });
          },
          (failure) => {
            if (there.acts) this.world.fail("every request has its answer", stackOf(failure));
          },
        );
      },
      there,
    );
  }

  /** To a certain process, or to whichever is there when the message arrives. */
  private carry(from: Party, to: Party, life: Life | null, arrive: () => void): void {
    const { dice, world } = this;
    if (dice.chance(this.lossRate)) return;
    const slow = dice.chance(0.01) ? 40 : 1;
    world.at(
      0.05 + dice.exponential(this.delayMeanMs * slow),
      () => {
        if (this.cut.has(`${from.id} ${to.id}`)) return;
        this.count++;
        world.note(`${from.id}>${to.id}`);
        arrive();
      },
      life,
    );
  }
}

interface Call {
  readonly from: Party;
  readonly life: Life;
  readonly to: HostAndPort;
  readonly target: Replica;
  readonly name: string;
  readonly request: unknown;
  readonly answered: (response: unknown) => void;
  readonly failed: (reason: string) => void;
}
