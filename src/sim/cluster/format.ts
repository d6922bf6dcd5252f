/** The disks of a cluster as `kafka-storage format` leaves them, before the first start and after a disk was lost. */
import type { Ports } from "../../../base/ports.ts";
import { formatDirectories } from "../../broker/format.ts";
import { META_PROPERTIES_FILE } from "../../broker/meta-properties.ts";
import { bootstrapFeatures, bootstrapRecords } from "../../metadata/bootstrap.ts";
import { ELR_VERSION } from "../../metadata/features.ts";
import { supportedKraftVersions } from "../../raft/voters.ts";
import { PORT } from "../node.ts";
import { directoriesOf, directoryIdOf, hostOf, isVoter } from "./cluster.ts";
import type { ClusterPlan, NodePlan } from "./plan.ts";

export const CLUSTER_ID = "SimulatedClusterAAAAAA";
const DIRECTORY = "/data";

/** Formats an empty disk: only the first one of a voter is among the voters (R10). */
export async function formatNode(plan: ClusterPlan, node: NodePlan, diskNumber: number, ports: Ports): Promise<void> {
  const { disk, clock } = ports;
  if (disk.info(`${DIRECTORY}/${META_PROPERTIES_FILE}`) !== null) return;
  const features = new Map(bootstrapFeatures());
  if (!plan.elr) features.set(ELR_VERSION, 0);
  const first = plan.nodes.filter(isVoter).slice(0, plan.firstVoters);
  const voters = first.map(({ id }) => ({
    id,
    directoryId: directoryIdOf(id, 1),
    endpoints: [{ name: "CONTROLLER", host: hostOf(id), port: PORT + 1 }],
    kraftVersions: supportedKraftVersions,
  }));
  await formatDirectories({
    disk,
    nowMs: clock.nowMs(),
    clusterId: CLUSTER_ID,
    nodeId: node.id,
    directories: directoriesOf(plan, node).map((path, n) => ({ path, id: directoryIdOf(node.id, diskNumber, n) })),
    metadataDirectory: DIRECTORY,
    bootstrap: bootstrapRecords(features),
    voters: plan.dynamicQuorum && first.includes(node) && diskNumber === 1 ? voters : null,
  });
}

export function settingsOf(plan: ClusterPlan, { id, roles }: NodePlan): (readonly [string, string])[] {
  const host = hostOf(id);
  const listeners = [
    ...(roles === "controller" ? [] : [`PLAINTEXT://${host}:${PORT}`]),
    ...(roles === "broker" ? [] : [`CONTROLLER://${host}:${PORT + 1}`]),
  ];
  const controllers = plan.nodes.filter(isVoter).map((voter) => [voter.id, `${hostOf(voter.id)}:${PORT + 1}`] as const);
  const quorum = plan.dynamicQuorum
    ? (["controller.quorum.bootstrap.servers", controllers.map(([, address]) => address).join(",")] as const)
    : (["controller.quorum.voters", controllers.map(([voter, address]) => `${voter}@${address}`).join(",")] as const);
  return [
    ["process.roles", roles],
    ["node.id", String(id)],
    ["listeners", listeners.join(",")],
    ["controller.listener.names", "CONTROLLER"],
    quorum,
    ...(plan.autoJoin && roles !== "broker" ? [["controller.quorum.auto.join.enable", "true"] as const] : []),
    ...plan.settings,
  ];
}
