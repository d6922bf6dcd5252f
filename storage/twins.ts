/**
 * A move between directories that a crash interrupted (AlterReplicaLogDirs) leaves two logs of one partition, or a log
 * and the beginning of a copy. Of two logs one is the beginning of the other, and the longer one has all that was ever
 * promised; the shorter is kept as stray. Apache refuses to start, and asks the operator to delete one of them. A copy
 * whose original may be in a directory that is offline is not opened until that is back.
 */
import type { Logger } from "../base/ports.ts";
import type { Log } from "./log.ts";
import type { LogDirectory } from "./log-dir.ts";

/** After all directories are loaded. One that is offline is not asked: what it holds is not known. */
export async function setTwinsAside(directories: readonly LogDirectory[], logger: Logger): Promise<void> {
  const online = directories.filter(({ offline }) => offline === null);
  for (const directory of online) {
    for (const { topic, partition, name } of [...directory.logs.values()]) {
      const log = directory.log(topic, partition);
      const other = online.find((each) => each !== directory && each.logs.has(name));
      if (log === null) continue;
      if (other === undefined) {
        if (!directory.moving.isCopy(log)) continue;
        if (online.length === directories.length) await directory.moving.isWhole(log);
        else await directory.withhold(log, `${name} in ${directory.path} is a copy, and the original may be offline`);
        continue;
      }
      const [kept, strayed] =
        log.logEndOffset >= (other.log(topic, partition)?.logEndOffset ?? 0) ? [directory, other] : [other, directory];
      logger.warn(`${name} is in ${directory.path} and in ${other.path}: the longer one, in ${kept.path}, is used`);
      takeOver(kept.log(topic, partition), strayed.log(topic, partition));
      await strayed.markStray(topic, partition);
      const whole = kept.log(topic, partition);
      if (whole !== null && kept.moving.isCopy(whole)) await kept.moving.isWhole(whole);
    }
    if (directory.offline === null) await dropCopies(directory, online);
  }
}

/** The checkpoints of a copy's directory may not know yet what is committed, and what of it was deleted. */
function takeOver(kept: Log | null, strayed: Log | null): void {
  if (kept === null || strayed === null) return;
  kept.updateHighWatermark(Math.max(kept.highWatermark, strayed.highWatermark));
  kept.advanceLogStart(Math.min(strayed.logStartOffset, kept.highWatermark), "records deleted");
}

/** A copy without its original is kept: it may be all there is. */
async function dropCopies(directory: LogDirectory, online: readonly LogDirectory[]): Promise<void> {
  for (const { topic, partition } of directory.moving.left()) {
    const isElsewhere = online.some((each) => each.log(topic, partition) !== null);
    if (isElsewhere) await directory.moving.drop(topic, partition);
  }
}
