/** What must hold of the files themselves, whatever the broker says: looked at while no process has them open. */
import * as batch from "../../protocol/records/batch.ts";
import { forEachBatch } from "../../protocol/records/cursor.ts";
import type { SimDisk } from "./disk.ts";
import type { World } from "./world.ts";

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

function electionEpoch(disk: SimDisk): number {
  const content = disk.contentOf(`${METADATA_LOG}/quorum-state`);
  if (content === null) return 0;
  return (JSON.parse(new TextDecoder().decode(content)) as { leaderEpoch: number }).leaderEpoch;
}
