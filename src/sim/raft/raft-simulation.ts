/**
 * One seed of a quorum alone: drivers of the metadata log with state machines that only count. First safety under
 * faults, then the quorum heals and must agree, and a node that was alone must not disturb it.
 */
import type { Dice } from "../dice.ts";
import { World } from "../world.ts";
import { RaftFaults } from "./faults.ts";
import { Figure8 } from "./figure8.ts";
import { drawRaftPlan, type RaftFault } from "./plan.ts";
import { Quorum, type RaftCounts } from "./quorum.ts";
import { votersText } from "./voter-checks.ts";

export interface RaftRunOptions {
  readonly seed: number;
  readonly without?: ReadonlySet<RaftFault>;
  readonly print?: (line: string) => void;
}

export interface RaftRunResult {
  readonly seed: number;
  readonly hash: string;
  readonly violation: string | null;
  readonly faults: readonly RaftFault[];
  readonly counts: RaftCounts;
  readonly simulatedMs: number;
  readonly events: number;
}

const AGREEMENT_MS = 30_000;
/** How often the devices are looked at. */
const LOOK_EVERY_MS = 400;

export function runRaftSeed(options: RaftRunOptions): RaftRunResult {
  const plan = drawRaftPlan(options.seed, options.without);
  const world = new World(options.seed, options.print ?? null);
  const quorum = new Quorum(world, plan);
  run(quorum);
  const { counts, checks, messages } = quorum;
  counts.elections = checks.elections;
  counts.messages = messages.count;
  counts.committed = checks.committedEnd;
  return {
    ...{ seed: options.seed, hash: world.trace.hash, violation: world.violation?.message ?? null, counts },
    faults: [...plan.faults.keys()],
    ...{ simulatedMs: world.nowMs, events: world.trace.events },
  };
}

function run(quorum: Quorum): void {
  const { world, plan, replicas } = quorum;
  for (const replica of replicas) quorum.start(replica);
  const faults = new RaftFaults(quorum);
  const figure8 = plan.faults.has("figure8") ? new Figure8(quorum) : null;
  let healed = false;
  const dice = world.dice("appends");
  const append = (): void => {
    if (healed) return;
    quorum.append();
    world.at(dice.exponential(plan.appendEveryMs), append);
  };
  const look = (): void => {
    quorum.checks.durability(replicas);
    world.at(LOOK_EVERY_MS, look);
  };
  look();
  if (figure8 === null) append();
  figure8?.start();
  faults.start();
  world.run(plan.faultsMs);
  healed = true;
  world.note("the quorum heals");
  figure8?.end();
  faults.heal();
  agree(quorum);
  if (plan.rejoins) rejoin(quorum);
  for (const replica of replicas) {
    quorum.checks.logMatching(replica);
    quorum.checks.voters.look(replica);
  }
}

/** Until one leads and all have what it has, and more. */
export function agree(quorum: Quorum): void {
  const { world, replicas, checks } = quorum;
  if (world.violation !== null) return;
  const wanted = checks.committedEnd + 3;
  const untilMs = world.nowMs + AGREEMENT_MS;
  const agreed = () =>
    replicas.every(({ current }) => (current?.machine.nextOffset ?? 0) >= wanted) && checks.voters.agreed(replicas);
  while (!agreed() && world.nowMs < untilMs && world.violation === null) {
    if (checks.committedEnd < wanted) quorum.append();
    world.run(world.nowMs + 100, agreed);
  }
  if (agreed()) return;
  const states = replicas.map(({ id, current }) => {
    const voters = votersText(current?.driver?.describe().voters ?? []);
    return `${id}: ${current?.machine.nextOffset} of ${wanted} with ${voters}`;
  });
  world.fail("progress", `no agreement within ${AGREEMENT_MS / 1000} s after all is well: ${states.join(", ")}`);
}

/**
 * One is alone for a while, or a follower hears nothing of the leader alone, and comes back. A leader that nobody
 * follows any more resigns; a follower that was alone catches up, and the others keep leader and epoch (KIP-996).
 */
function rejoin(quorum: Quorum): void {
  const { world, replicas } = quorum;
  if (world.violation !== null) return;
  const dice = world.dice("rejoin");
  world.run(world.nowMs + 3_000); // elections that were under way come to their end
  const { leader } = quorum;
  if (leader === null) {
    world.fail("progress", "the quorum has lost its leader though all is well");
    return;
  }
  const { epoch } = leader;
  const dispensable = replicas.filter((replica) => quorum.guard.canLose(replica));
  if (dispensable.length === 0) return;
  const alone = dispensable.includes(leader) && dice.chance(0.3) ? leader : dice.pick(dispensable);
  if (alone !== leader && dice.chance(0.5)) quorum.separate([alone], [leader]);
  else quorum.isolate(alone);
  aloneFor(quorum, dice.chance(0.1) ? 65_000 : 5_000, dice);
  if (alone === leader && leader.epoch === epoch && leader.current?.leads === true) {
    world.fail("a leader that nobody follows resigns", `${leader.id} still leads epoch ${epoch}`);
  }
  world.note(`replica ${alone.id} comes back`);
  quorum.connect();
  agree(quorum);
  world.run(world.nowMs + 3_000);
  if (world.violation !== null || alone === leader) return;
  if (leader.current?.leads === true && leader.epoch === epoch) return;
  const detail = `${leader.id} led epoch ${epoch}, after ${alone.id} came back it is epoch ${quorum.leader?.epoch}`;
  world.fail("who comes back deposes no leader", detail);
}

/** At times long enough for a leader to give up old parts of its log; at times nothing is appended. */
function aloneFor(quorum: Quorum, forMs: number, dice: Dice): void {
  const { world } = quorum;
  const untilMs = world.nowMs + forMs;
  const appends = dice.chance(0.5);
  while (world.nowMs < untilMs && world.violation === null) {
    world.run(world.nowMs + 500);
    if (appends && dice.chance(0.5)) quorum.append();
    if (dice.chance(0.1)) quorum.leader?.current?.snapshot();
  }
}
