/** A group of many members, then many offset commits: `bun bench/group.ts JOB`. Every member is a connection. */
import { type AnyMessage, Wire } from "../compat-tests/oracle/raw/wire.ts";
import { requestFrame } from "../protocol/frame.ts";
import { FindCoordinator } from "../protocol/generated/find-coordinator.ts";
import { JoinGroup, type JoinGroupResponse } from "../protocol/generated/join-group.ts";
import { OffsetCommit } from "../protocol/generated/offset-commit.ts";
import { SyncGroup, type SyncGroupResponse } from "../protocol/generated/sync-group.ts";
import { LoadConnection } from "./client.ts";
import { sender } from "./frames.ts";
import { latenciesOf } from "./measure.ts";

export interface GroupJob {
  readonly bootstrap: string;
  readonly topic: string;
  readonly members: number;
  readonly commitSeconds: number;
}

export interface GroupResult {
  readonly joinMs: number;
  readonly rebalanceMs: number;
  readonly commitsPerSecond: number;
  readonly commitP99Ms: number;
  readonly errors: number;
}

const metadata = new Uint8Array(40);
const UNKNOWN_COORDINATOR = [14, 15, 16];

class Member {
  private readonly wire: Wire;
  private readonly groupId: string;
  private memberId = "";

  constructor(wire: Wire, groupId: string) {
    this.wire = wire;
    this.groupId = groupId;
  }

  /** Joins and syncs; the leader gives everybody an assignment. */
  async join(): Promise<void> {
    let joined = await this.askToJoin();
    if (joined.errorCode === 79) {
      this.memberId = joined.memberId; // MEMBER_ID_REQUIRED
      joined = await this.askToJoin();
    }
    if (joined.errorCode === 27 || joined.errorCode === 25) return this.join();
    if (joined.errorCode !== 0) throw new Error(`JoinGroup was answered with error ${joined.errorCode}`);
    this.memberId = joined.memberId;
    const assignments = joined.members.map(({ memberId }) => ({ memberId, assignment: metadata }));
    const { errorCode } = (await this.ask(SyncGroup as AnyMessage, 3, {
      ...{ groupId: this.groupId, generationId: joined.generationId, memberId: this.memberId, groupInstanceId: null },
      ...{ protocolType: null, protocolName: null, assignments },
    })) as SyncGroupResponse;
    if (errorCode === 27 || errorCode === 22) return this.join(); // a rebalance came in between
    if (errorCode !== 0) throw new Error(`SyncGroup was answered with error ${errorCode}`);
  }

  private async askToJoin(): Promise<JoinGroupResponse> {
    const protocols = [{ name: "range", metadata }];
    return (await this.ask(JoinGroup as AnyMessage, 5, {
      ...{ groupId: this.groupId, sessionTimeoutMs: 30_000, rebalanceTimeoutMs: 60_000, memberId: this.memberId },
      ...{ groupInstanceId: null, protocolType: "consumer", protocols, reason: null },
    })) as JoinGroupResponse;
  }

  private async ask(message: AnyMessage, version: number, request: unknown): Promise<unknown> {
    const answer = await this.wire.exchange(message, version, request, 60_000);
    if (!("response" in answer)) throw new Error(`${message.name} was not answered`);
    return answer.response;
  }
}

/** The first question makes the topic of the offsets. */
async function coordinatorReady(bootstrap: string, key: string): Promise<void> {
  const wire = await Wire.open(bootstrap);
  for (;;) {
    const request = { key, keyType: 0, coordinatorKeys: [] };
    const answer = await wire.exchange(FindCoordinator as AnyMessage, 2, request);
    const errorCode = "response" in answer ? (answer.response as { errorCode: number }).errorCode : -1;
    if (errorCode === 0) break;
    if (!UNKNOWN_COORDINATOR.includes(errorCode)) throw new Error(`FindCoordinator: error ${errorCode}`);
    await Bun.sleep(50);
  }
  wire.close();
  await Bun.sleep(1_000); // until it has loaded
}

async function commits({ bootstrap, topic, commitSeconds }: GroupJob) {
  const [host, port] = bootstrap.split(":") as [string, string];
  const latencies: number[] = [];
  let errors = 0;
  const connections = await Promise.all(
    Array.from({ length: 20 }, (_, i) => {
      const partition = { partitionIndex: 0, committedOffset: 1, committedLeaderEpoch: -1, committedMetadata: "" };
      const topics = [{ name: topic, topicId: "AAAAAAAAAAAAAAAAAAAAAA", partitions: [partition] }];
      const nobody = { generationIdOrMemberEpoch: -1, memberId: "", groupInstanceId: null, retentionTimeMs: -1 };
      const request = { groupId: `committers-${i}`, ...nobody, topics };
      const frame = new Uint8Array(Buffer.concat(requestFrame(OffsetCommit, request, 7, sender)));
      const answered = (answer: Uint8Array, latencyMs: number) => {
        latencies.push(latencyMs);
        if (answer[answer.length - 1] !== 0 || answer[answer.length - 2] !== 0) errors++;
      };
      return LoadConnection.connect({ host, port: Number(port), inFlight: 1, next: () => frame, answered });
    }),
  );
  const began = performance.now();
  for (const connection of connections) connection.pump();
  await Bun.sleep(commitSeconds * 1_000);
  await Promise.all(connections.map((connection) => connection.stop()));
  const seconds = (performance.now() - began) / 1_000;
  return { commitsPerSecond: latencies.length / seconds, commitP99Ms: latenciesOf(latencies).p99Ms, errors };
}

async function run(job: GroupJob): Promise<GroupResult> {
  const groupId = `${job.topic}-group`;
  await coordinatorReady(job.bootstrap, groupId);
  const wires = await Promise.all(Array.from({ length: job.members }, () => Wire.open(job.bootstrap)));
  const members = wires.map((wire) => new Member(wire, groupId));
  const timed = async (): Promise<number> => {
    const began = performance.now();
    await Promise.all(members.map((member) => member.join()));
    return performance.now() - began;
  };
  const joinMs = await timed();
  const rebalanceMs = await timed();
  for (const wire of wires) wire.close();
  await commits({ ...job, commitSeconds: 1 });
  return { joinMs, rebalanceMs, ...(await commits(job)) };
}

console.log(JSON.stringify(await run(JSON.parse(process.argv[2] as string) as GroupJob)));
process.exit(0);
