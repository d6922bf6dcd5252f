/** What brokers may hand on to the controller in an Envelope (KIP-590), and what they may not. */
import { Writer } from "../../../protocol/bytes/writer.ts";
import { requestFrame } from "../../../protocol/frame.ts";
import { allMessages } from "../../../protocol/generated/all-messages.ts";
import { DefaultPrincipalData } from "../../../protocol/generated/records/principal/default-principal-data.ts";
import type { Ask, Case } from "../raw/case.ts";
import { filled, type Partial } from "../raw/fill.ts";
import type { AnyMessage } from "../raw/wire.ts";

const FRAME_SIZE_BYTES = 4;

function principal(): Uint8Array {
  const to = new Writer(64);
  to.int16(0);
  DefaultPrincipalData.write(to, { type: "User", name: "ANONYMOUS", tokenAuthenticated: false }, 0);
  return to.finishBytes();
}

function inEnvelope(api: string, version: number, given: Partial): Ask {
  return {
    api: "Envelope",
    controller: true,
    request: () => {
      const message = (allMessages as readonly AnyMessage[]).find(({ name }) => name === api) as AnyMessage;
      const request = filled(`${api}Request`, given);
      const frame = requestFrame(message, request, version, { correlationId: 7, clientId: "oracle" });
      return {
        requestData: new Uint8Array(Buffer.concat(frame).subarray(FRAME_SIZE_BYTES)),
        requestPrincipal: principal(),
        clientHostAddress: Uint8Array.of(127, 0, 0, 1),
      };
    },
  };
}

export const envelopeCases: readonly Case[] = [
  {
    title: "Envelope: what brokers hand on",
    steps: [
      inEnvelope("UnregisterBroker", 0, { brokerId: 77 }),
      inEnvelope("ListPartitionReassignments", 0, { timeoutMs: 5_000, topics: null }),
      inEnvelope("UpdateFeatures", 2, {
        timeoutMs: 5_000,
        validateOnly: true,
        featureUpdates: [{ feature: "group.version", maxVersionLevel: 9, upgradeType: 1 }],
      }),
      inEnvelope("RemoveRaftVoter", 0, { clusterId: null, voterId: -1, voterDirectoryId: "AAAAAAAAAAAAAAAAAAAAFw" }),
    ],
  },
  {
    title: "Envelope: what they may not hand on",
    steps: [
      inEnvelope("ApiVersions", 3, { clientSoftwareName: "oracle", clientSoftwareVersion: "1.0" }),
      inEnvelope("DescribeCluster", 1, { endpointType: 2 }),
      inEnvelope("DescribeConfigs", 4, { resources: [{ resourceType: 4, resourceName: "" }] }),
      inEnvelope("Metadata", 12, { topics: [] }),
      inEnvelope("AlterPartition", 3, { brokerId: 1, brokerEpoch: 1, topics: [] }),
    ],
  },
];
