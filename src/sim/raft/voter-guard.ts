/**
 * Keeps operators and disasters from what no quorum survives: every voter set that may still count keeps a majority of
 * voters that can be reached, whatever becomes of the changes that are under way.
 */
import { ZERO_UUID } from "../../../base/uuid.ts";
import type { Voter, VoterSet } from "../../raft/state.ts";
import type { Life } from "../world.ts";
import { votersInLog } from "./log-files.ts";
import type { Replica } from "./replica.ts";
import { isSame, majorityOf, type VoterChecks } from "./voter-checks.ts";

export interface MembershipChange {
  readonly kind: "add" | "remove";
  readonly voter: Voter;
}

interface UnderWay {
  readonly life: Life;
  readonly change: MembershipChange | null;
}

export class VoterGuard {
  private readonly replicas: readonly Replica[];
  private readonly checks: VoterChecks;
  private underWay: UnderWay[] = [];

  constructor(replicas: readonly Replica[], checks: VoterChecks) {
    this.replicas = replicas;
    this.checks = checks;
  }

  /** A process works on a request; null for one that changes no majority. Returns what is called at its answer. */
  begin(life: Life, change: MembershipChange | null): () => void {
    const entry = { life, change };
    this.underWay.push(entry);
    return () => {
      this.underWay = this.underWay.filter((each) => each !== entry);
    };
  }

  private get pending(): readonly UnderWay[] {
    this.underWay = this.underWay.filter(({ life }) => life.acts);
    return this.underWay;
  }

  /** May this request arrive? */
  permits(change: MembershipChange): boolean {
    const changes = [...this.pending.flatMap((each) => each.change ?? []), change];
    return changes.length <= 3 && this.survives(changes, null);
  }

  /** May its disk be lost, or (`isBack`) its address change? Then it is a voter that nobody finds until it tells. */
  canLose(replica: Replica, isBack = false): boolean {
    // What the replica itself was asked for ends with it, but for what is in logs by now.
    const isQuiet = this.pending.every(({ life }) => life === replica.current?.life);
    return isQuiet && this.survives([], replica, isBack);
  }

  private survives(changes: readonly MembershipChange[], lost: Replica | null, isBack = false): boolean {
    return this.setsInPlay().every((voters) =>
      outcomes(voters, changes).every((each) => {
        const reached = each.filter((voter) => this.isReached(voter, each.length === 1, isBack, lost));
        return each.length === 0 || reached.length >= majorityOf(each);
      }),
    );
  }

  private isReached(voter: Voter, isOnly: boolean, isBack: boolean, lost: Replica | null): boolean {
    const replica = this.replicas[voter.id - 1] as Replica;
    if (!isSame(voter, replica)) return false;
    // Who is alone need not be found.
    if (isOnly) return isBack || replica !== lost;
    const isMoved = voter.directoryId !== ZERO_UUID && voter.endpoints[0]?.port !== replica.port;
    return replica !== lost && !isMoved;
  }

  /** The committed one, and those that come after it in any log. No log with less can win an election. */
  private setsInPlay(): VoterSet[] {
    const { offset, voters } = this.checks.latest;
    const later = this.replicas.flatMap((replica) => votersInLog(replica).records);
    return [voters, ...later.filter((record) => record.offset > offset).map((record) => record.voters)];
  }
}

/** Each of the changes may happen or not. */
function outcomes(voters: VoterSet, changes: readonly MembershipChange[]): VoterSet[] {
  const [first, ...others] = changes;
  if (first === undefined) return [voters];
  const { kind, voter } = first;
  const without = voters.filter((each) => !isSame(each, voter));
  const changed = kind === "remove" ? without : voters.some(({ id }) => id === voter.id) ? voters : [...without, voter];
  return [...outcomes(voters, others), ...outcomes(changed, others)];
}
