import { describe, expect, test } from "bun:test";
import * as batchView from "../../../protocol/records/batch.ts";
import { buildBatch } from "../../../protocol/records/builder.ts";
import { emptyImage, NO_LEADER, type PartitionRegistration, RECOVERED } from "../../metadata/image.ts";
import type { Replica } from "../../partition/replica.ts";
import { PartitionModel, type SentBatch } from "../model.ts";
import { World } from "../world.ts";
import { changesBetween, UncleanElections, uncleanEpochs } from "./unclean.ts";

const utf8 = new TextEncoder();

interface Appended {
  readonly id: string;
  readonly epoch: number;
}

/** Batches of one record each, at 0, 1 and so on. */
function logOf(batches: readonly Appended[]): Uint8Array {
  return Buffer.concat(
    batches.map(({ id, epoch }, offset) => {
      const bytes = buildBatch([{ timestamp: 0, key: null, value: utf8.encode(`${id}/0`) }], {});
      new DataView(bytes.buffer, bytes.byteOffset).setBigInt64(0, BigInt(offset));
      batchView.setPartitionLeaderEpoch(bytes, 0, epoch);
      return bytes;
    }),
  );
}

function leaderWith(leaderEpoch: number, batches: readonly Appended[], heldOffset = batches.length): Replica {
  const firstOf = new Map<number, number>();
  for (const [offset, { epoch }] of batches.entries()) if (!firstOf.has(epoch)) firstOf.set(epoch, offset);
  const entries = () => [...firstOf].map(([epoch, startOffset]) => ({ epoch, startOffset }));
  const log = { logStartOffset: 0, readCopy: () => logOf(batches), epochs: { entries } };
  return { leaderEpoch, heldOffset, log } as unknown as Replica;
}

/** Epochs 0, 1 and so on, which begin there. */
const epochsFrom = (...starts: number[]) => starts.map((startOffset, epoch) => ({ epoch, startOffset }));

function sent(id: string): SentBatch {
  const outcome = "pending" as const;
  return {
    id,
    producer: "p",
    order: 0,
    idempotent: false,
    acks: -1,
    count: 1,
    crc: 0,
    values: [],
    attempts: 1,
    outcome,
  };
}

/** Three batches that the leader of epoch 0 has acknowledged; in epoch 1 a replica leads that lacks the last. */
function lossOfOne() {
  const world = new World(1);
  const model = new PartitionModel(world, "topic-0-0", { retains: false, stamps: false, deletes: false });
  const losses = new UncleanElections();
  model.losses = losses;
  const batches = ["a", "b", "c"].map(sent);
  batches.forEach((batch, offset) => {
    model.acknowledged(batch, offset);
  });
  losses.add(1);
  model.uncleanElection();
  losses.look(
    leaderWith(1, [
      { id: "a", epoch: 0 },
      { id: "b", epoch: 0 },
      { id: "d", epoch: 1 },
    ]),
  );
  model.losesWhatIsVoid();
  return { world, model, losses, batches: batches as [SentBatch, SentBatch, SentBatch] };
}

describe("what an unclean election takes", () => {
  test("is what the elected replica lacked", () => {
    const { world, model, batches } = lossOfOne();
    const [a, b] = batches;
    model.acknowledged(sent("d"), 2, 1); // where "c" was
    model.checkComplete(new Map([a, b].map((batch, offset) => [offset, batch])), 0, 2);
    model.judge();
    expect(world.violation).toBeNull();
    expect(model.highWatermark).toBe(3);
  });

  test("is nothing that it had", () => {
    const { world, model, batches } = lossOfOne();
    model.checkComplete(new Map([[0, batches[0]]]), 0, 2);
    expect(world.violation).toBeNull(); // until all elections are known
    model.judge();
    expect(world.violation?.message).toBe("P1 no acknowledged or seen batch is lost: topic-0-0: b at 1");
  });

  test("is nothing that was acknowledged since", () => {
    const { world, model, batches } = lossOfOne();
    const [a, b] = batches;
    model.acknowledged(sent("d"), 2, 1);
    model.checkComplete(new Map([a, b].map((batch, offset) => [offset, batch])), 0, 3);
    model.judge();
    expect(world.violation?.message).toBe("P1 no acknowledged or seen batch is lost: topic-0-0: d at 2");
  });

  test("is what the last leader acknowledges late, too", () => {
    const { world, model, losses } = lossOfOne();
    model.acknowledged(sent("e"), 3, 0);
    model.checkComplete(new Map(), 3, 4);
    model.judge();
    expect(world.violation).toBeNull();
    expect([losses.endOf(epochsFrom(0)), losses.endOf(epochsFrom(0, 2))]).toEqual([2, Infinity]);
  });

  test("ends where the device of the elected replica did", () => {
    const losses = new UncleanElections();
    losses.add(1);
    expect([losses.isOpen, losses.endOf(epochsFrom(0))]).toEqual([true, 0]);
    const batches = [0, 0].map((epoch, n) => ({ id: `${n}`, epoch }));
    losses.look(leaderWith(1, batches, 1));
    expect([losses.isOpen, losses.endOf(epochsFrom(0))]).toEqual([false, 1]);
    expect(["0", "1"].map((id, offset) => losses.isVoid(offset, id, 0))).toEqual([false, true]);
  });

  test("is what follows the place where its log and that of a former leader part", () => {
    const losses = new UncleanElections();
    losses.add(4);
    losses.look(
      leaderWith(
        4,
        [0, 0, 0, 2].map((epoch, n) => ({ id: `${n}`, epoch })),
      ),
    );
    expect(losses.endOf(epochsFrom(0, 2))).toBe(2); // an epoch 1 that it never had
    expect(
      losses.endOf([
        { epoch: 0, startOffset: 0 },
        { epoch: 2, startOffset: 3 },
      ]),
    ).toBe(4);
    expect(
      losses.endOf([
        { epoch: 0, startOffset: 0 },
        { epoch: 3, startOffset: 3 },
      ]),
    ).toBe(3);
  });

  test("excuses nothing where there was none", () => {
    const world = new World(1);
    const model = new PartitionModel(world, "topic-0-0", { retains: false, stamps: false, deletes: false });
    model.losses = new UncleanElections();
    model.suspect("P4 a sequence in order is taken", "x", null);
    model.judge();
    expect(world.violation?.message).toBe("P4 a sequence in order is taken: topic-0-0: x");
  });
});

describe("an unclean election is seen", () => {
  const before: PartitionRegistration = {
    ...{ replicas: [1, 2, 3], directories: [], isr: [1, 2], removingReplicas: [], addingReplicas: [], elr: [3] },
    ...{ lastKnownElr: [], leader: 1, leaderRecoveryState: RECOVERED, leaderEpoch: 4, partitionEpoch: 7 },
  };
  const change = (leader: number, isr: number[]) => ({
    ...{ partitionId: 0, topicId: "", isr, leader, replicas: null, removingReplicas: null, addingReplicas: null },
    ...{ leaderRecoveryState: -1, directories: null, eligibleLeaderReplicas: [], lastKnownElr: null },
  });

  test("where nobody knew that the leader had everything", () => {
    const led = (leader: number) => ({ ...before, leader, leaderEpoch: 5, partitionEpoch: 8 });
    expect([1, 2, 3, NO_LEADER].map((leader) => uncleanEpochs(before, led(leader), () => []))).toEqual([
      [],
      [],
      [],
      [],
    ]);
    expect(uncleanEpochs({ ...before, elr: [] }, led(3), () => [])).toEqual([5]);
  });

  test("between two looks, by what happened meanwhile", () => {
    const sole = { ...before, elr: [] };
    const after = { ...sole, isr: [2], leader: 2, leaderEpoch: 6, partitionEpoch: 9 };
    // The ISR shrank to the leader; then another led.
    expect(uncleanEpochs(sole, after, () => [change(1, [1]), change(2, [2])])).toEqual([6]);
    // Somebody joined, and led.
    const joined = { ...sole, isr: [3], leader: 3, leaderEpoch: 6, partitionEpoch: 9 };
    expect(uncleanEpochs(sole, joined, () => [change(1, [1, 3]), change(3, [3])])).toEqual([]);
    expect([...changesBetween({ info: () => null } as never, emptyImage(), emptyImage(), "", 0)]).toEqual([]);
  });
});
