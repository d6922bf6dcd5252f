/** Random but consistent metadata records for tests: every type, each field taking its extremes at times. */
import { randomUuid } from "../../../base/uuid.ts";
import { applyRecords } from "../apply.ts";
import { emptyImage, type MetadataImage } from "../image.ts";
import { type MetadataRecord, record } from "../records/record.ts";

export interface TestRandom {
  below(limit: number): number;
  bytes(length: number): Uint8Array;
}

/** A small generator with a seed: the same seed, the same records. */
export function testRandom(seed: number): TestRandom {
  let state = seed >>> 0;
  const below = (limit: number) => {
    state = (state + 0x6d2b_79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  };
  return { below, bytes: (length) => Uint8Array.from({ length }, () => below(256)) };
}

/** A record that may follow `image`, of a random type. */
export function randomRecord(image: MetadataImage, random: TestRandom): MetadataRecord {
  const makers = [clusterRecord, topicRecord, topicRecord, configRecord, securityRecord, plainRecord];
  return pick(makers, random)(image, random);
}

/** An image at metadata.version 4.3-IV0 after `steps` random records, and the records. */
export function randomHistory(seed: number, steps: number): { image: MetadataImage; records: MetadataRecord[] } {
  const random = testRandom(seed);
  const records = [
    record("FeatureLevelRecord", { name: "metadata.version", featureLevel: 30 }),
    record("FeatureLevelRecord", { name: "eligible.leader.replicas.version", featureLevel: 1 }),
  ];
  let image = applyRecords(emptyImage(), records);
  for (let step = 0; step < steps; step++) {
    const next = randomRecord(image, random);
    records.push(next);
    image = applyRecords(image, [next]);
  }
  return { image, records };
}

function pick<Item>(items: readonly Item[], random: TestRandom): Item {
  return items[random.below(items.length)] as Item;
}

function text(random: TestRandom): string {
  return pick(["", "a", "__proto__", "größe-名前-🧵", `name-${random.below(20)}`], random);
}

function ids(random: TestRandom): number[] {
  return Array.from({ length: random.below(4) }, (_, i) => i + random.below(5));
}

function endPoints(random: TestRandom) {
  const names = ["PLAINTEXT", "SSL", "CONTROLLER"].slice(0, random.below(4));
  return names.map((name, securityProtocol) => ({
    name,
    host: text(random),
    port: random.below(65536),
    securityProtocol,
  }));
}

function featureRanges(random: TestRandom) {
  const names = ["metadata.version", "group.version"].slice(0, random.below(3));
  return names.map((name) => ({ name, minSupportedVersion: random.below(8), maxSupportedVersion: 30 }));
}

function uuids(random: TestRandom): string[] {
  return Array.from({ length: random.below(4) }, () => randomUuid(random));
}

function clusterRecord(image: MetadataImage, random: TestRandom): MetadataRecord {
  const broker = pick([...image.brokers.values()], random);
  const kind = random.below(broker === undefined ? 2 : 7);
  if (kind === 0) {
    return record("RegisterControllerRecord", {
      controllerId: random.below(5),
      incarnationId: randomUuid(random),
      zkMigrationReady: random.below(2) === 0,
      endPoints: endPoints(random),
      features: featureRanges(random),
    });
  }
  if (kind === 1 || kind === 2) return registerBroker(random);
  const { id, epoch } = broker as NonNullable<typeof broker>;
  if (kind === 3) return record("UnregisterBrokerRecord", { brokerId: id, brokerEpoch: epoch });
  if (kind === 4) return record("FenceBrokerRecord", { id, epoch });
  if (kind === 5) return record("UnfenceBrokerRecord", { id, epoch });
  return record(
    "BrokerRegistrationChangeRecord",
    {
      brokerId: id,
      brokerEpoch: epoch,
      fenced: random.below(3) - 1,
      inControlledShutdown: random.below(2),
      logDirs: uuids(random),
      cordonedLogDirs: random.below(2) === 0 ? null : uuids(random),
    },
    3,
  );
}

function registerBroker(random: TestRandom): MetadataRecord {
  return record(
    "RegisterBrokerRecord",
    {
      brokerId: random.below(6),
      isMigratingZkBroker: random.below(2) === 0,
      incarnationId: randomUuid(random),
      brokerEpoch: random.below(1e9) * 1000,
      endPoints: endPoints(random),
      features: featureRanges(random),
      rack: random.below(2) === 0 ? null : text(random),
      fenced: random.below(2) === 0,
      inControlledShutdown: random.below(2) === 0,
      logDirs: uuids(random),
      cordonedLogDirs: random.below(2) === 0 ? null : uuids(random),
    },
    4,
  );
}

function topicRecord(image: MetadataImage, random: TestRandom): MetadataRecord {
  const topic = pick([...image.topicsByName.values()], random);
  const kind = random.below(topic === undefined ? 1 : 9);
  if (topic === undefined || kind === 0) {
    const name = `topic-${random.below(1e6)}`;
    return record("TopicRecord", { name, topicId: randomUuid(random) });
  }
  if (kind === 1) return record("RemoveTopicRecord", { topicId: topic.id });
  if (kind === 2) return record("ClearElrRecord", { topicName: random.below(3) === 0 ? "" : topic.name });
  const known = topic.partitions.size;
  if (kind < 6 || known === 0) return partitionRecord(topic.id, known, random);
  const replicas = random.below(2) === 0 ? null : ids(random);
  return record(
    "PartitionChangeRecord",
    {
      partitionId: random.below(known),
      topicId: topic.id,
      isr: random.below(2) === 0 ? null : ids(random),
      leader: random.below(6) - 2,
      replicas,
      removingReplicas: random.below(2) === 0 ? null : ids(random),
      addingReplicas: random.below(2) === 0 ? null : ids(random),
      leaderRecoveryState: random.below(3) - 1,
      directories: replicas === null ? null : replicas.map(() => randomUuid(random)),
      eligibleLeaderReplicas: random.below(2) === 0 ? null : ids(random),
      lastKnownElr: random.below(2) === 0 ? null : ids(random),
    },
    2,
  );
}

function partitionRecord(topicId: string, partitionId: number, random: TestRandom): MetadataRecord {
  const replicas = ids(random);
  return record(
    "PartitionRecord",
    {
      partitionId,
      topicId,
      replicas,
      isr: ids(random),
      removingReplicas: ids(random),
      addingReplicas: ids(random),
      leader: random.below(6) - 1,
      leaderRecoveryState: random.below(2),
      leaderEpoch: random.below(1000),
      partitionEpoch: random.below(1000),
      directories: random.below(3) === 0 ? [] : replicas.map(() => randomUuid(random)),
      eligibleLeaderReplicas: random.below(2) === 0 ? null : ids(random),
      lastKnownElr: random.below(2) === 0 ? null : ids(random),
    },
    2,
  );
}

function configRecord(image: MetadataImage, random: TestRandom): MetadataRecord {
  const topic = pick([...image.topicsByName.keys()], random) ?? "";
  const [resourceType, resourceName] = pick(
    [
      [2, topic],
      [4, ""],
      [4, "1"],
      [16, "metrics"],
      [32, "group"],
    ] as const,
    random,
  );
  const value = random.below(3) === 0 ? null : text(random);
  return record("ConfigRecord", { resourceType, resourceName, name: `key.${random.below(6)}`, value });
}

function securityRecord(image: MetadataImage, random: TestRandom): MetadataRecord {
  const acl = pick([...image.acls.keys()], random);
  const name = text(random);
  const mechanism = 1 + random.below(2);
  const tokenId = `token-${random.below(6)}`;
  switch (random.below(7)) {
    case 0:
      if (acl !== undefined) return record("RemoveAccessControlEntryRecord", { id: acl });
      return record("NoOpRecord", {});
    case 1:
      return record("RemoveUserScramCredentialRecord", { name, mechanism });
    case 2:
      return record("RemoveDelegationTokenRecord", { tokenId });
    case 3:
      return record("UserScramCredentialRecord", {
        name,
        mechanism,
        salt: random.bytes(random.below(20)),
        storedKey: random.bytes(32),
        serverKey: random.bytes(32),
        iterations: 4096 + random.below(1000),
      });
    case 4:
      return record("DelegationTokenRecord", {
        owner: "User:a",
        requester: `User:${text(random)}`,
        renewers: ["User:b", "User:c"].slice(0, random.below(3)),
        issueTimestamp: random.below(1e9) * 1000,
        maxTimestamp: Number.MAX_SAFE_INTEGER,
        expirationTimestamp: random.below(1e9),
        tokenId,
      });
    default:
      return record("AccessControlEntryRecord", {
        id: randomUuid(random),
        resourceType: random.below(7),
        resourceName: text(random),
        patternType: 3 + random.below(2),
        principal: "User:ANONYMOUS",
        host: "*",
        operation: random.below(14),
        permissionType: 2 + random.below(2),
      });
  }
}

function plainRecord(_: MetadataImage, random: TestRandom): MetadataRecord {
  switch (random.below(6)) {
    case 0:
      return record("FeatureLevelRecord", { name: "group.version", featureLevel: random.below(2) });
    case 1:
      return record("ProducerIdsRecord", { brokerId: 1, brokerEpoch: 2, nextProducerId: random.below(1e6) * 1000 });
    case 2:
      return record("ZkMigrationStateRecord", { zkMigrationState: random.below(4) });
    case 3:
      return record("NoOpRecord", {});
    default:
      return record("ClientQuotaRecord", {
        entity: [
          { entityType: "user", entityName: random.below(3) === 0 ? null : text(random) },
          { entityType: "client-id", entityName: "c" },
        ].slice(0, 1 + random.below(2)),
        key: pick(["producer_byte_rate", "consumer_byte_rate"], random),
        value: random.below(1000) / 8,
        remove: random.below(4) === 0,
      });
  }
}
