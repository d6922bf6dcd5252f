/** What must hold of the files themselves, whatever the broker says: looked at while no process has them open. */
import * as batch from "../../protocol/records/batch.ts";
import { forEachBatch } from "../../protocol/records/cursor.ts";
import { verifyDirectory } from "../cli/verify.ts";
import { SimClock, WallClock } from "./clock.ts";
import type { SimDisk } from "./disk.ts";
import { DiskDoor } from "./disk-door.ts";
import { Life, type World } from "./world.ts";

const METADATA_LOG = "/data/__cluster_metadata-0";

/** R5: the vote is durable before anything of its epoch is written, so no epoch can be led twice. */
export function checkVote(world: World, disk: SimDisk): void {
  if (disk.info(METADATA_LOG) === null) return;
  let newest = 0;
  for (const [path, file] of disk.filesBelow(METADATA_LOG)) {
    if (!path.endsWith(".log")) continue;
    const bytes = file.read(0, file.sizeBytes);
    forEachBatch(bytes, (at, sizeBytes) => {
      const isWhole = sizeBytes >= batch.HEADER_SIZE && batch.isValid(bytes.subarray(at, at + sizeBytes), 0);
      if (isWhole) newest = Math.max(newest, batch.partitionLeaderEpoch(bytes, at));
    });
  }
  const epoch = electionEpoch(disk);
  if (epoch >= newest) return;
  world.fail("R5 a vote is durable before it counts", `quorum-state has epoch ${epoch}, the log has ${newest}`);
}

/** Every file of a node that has stopped well is sound, as `odradek verify` says it. */
export async function verifyStopped(world: World, disk: SimDisk, directory: string): Promise<void> {
  const life = new Life("verify");
  const door = new DiskDoor(disk, life, () => {});
  const clock = new SimClock(world, life, new WallClock(world), world.dice("verify"));
  const report = await verifyDirectory(directory, { disk: door, clock, columns: null });
  const damage = report.findings.find(({ severity, path, message }) => {
    // What was appended as the node stopped, and never committed, lies behind its recovery point.
    const isUncommitted = path === METADATA_LOG && message.includes("recovery point after a clean stop");
    // Of a log that was set aside the files are as that moment left them.
    const isAside = /\.[^/]+-(stray|delete)\//.test(path);
    // It may have stopped before its registration came into its own log.
    const isUnheard = /^the metadata (knows no node|gives node \d+ no directory)/.test(message);
    return severity === "damage" && !isUncommitted && !isAside && !isUnheard;
  });
  if (damage !== undefined) world.fail("a stopped node's files are sound", `${damage.path}: ${damage.message}`);
}

function electionEpoch(disk: SimDisk): number {
  const content = disk.contentOf(`${METADATA_LOG}/quorum-state`);
  if (content === null) return 0;
  return (JSON.parse(new TextDecoder().decode(content)) as { leaderEpoch: number }).leaderEpoch;
}
