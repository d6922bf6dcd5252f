/** Takes a directory away with all that is in it. */
import type { Disk } from "../base/ports.ts";

export function removeTree(disk: Disk, path: string): void {
  for (const { name, directory } of disk.list(path)) {
    if (directory) removeTree(disk, `${path}/${name}`);
    else disk.unlink(`${path}/${name}`);
  }
  disk.removeDirectory(path);
}
