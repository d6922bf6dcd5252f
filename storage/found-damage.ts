/** What a log directory has found wrong with its logs since the node started: for those who watch it. */
export class FoundDamage {
  /** Places where a read found what was not written; each counts once. */
  corruptBatches = 0;
  /** Logs from whose end recovery has cut what was no valid batch, or lay behind one. */
  cuts = 0;
  cutBytes = 0;

  readonly noteCut = (bytes: number): void => {
    this.cuts++;
    this.cutBytes += bytes;
  };
}
