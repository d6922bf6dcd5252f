/** The logs of a directory load several at a time, and say how far they are. */

export interface LoadProgress {
  readonly logsLoaded: number;
  readonly logsTotal: number;
  readonly segmentsRecovered: number;
  readonly segmentsTotal: number;
}

/** Adds up what the logs being loaded report. */
export class Progress {
  private readonly report: ((progress: LoadProgress) => void) | undefined;
  private readonly logsTotal: number;
  private readonly segments = new Map<string, readonly [recovered: number, total: number]>();
  private logsLoaded = 0;

  constructor(logsTotal: number, report: ((progress: LoadProgress) => void) | undefined) {
    this.logsTotal = logsTotal;
    this.report = report;
    this.tell();
  }

  recovered(name: string, recovered: number, total: number): void {
    this.segments.set(name, [recovered, total]);
    this.tell();
  }

  loaded(): void {
    this.logsLoaded++;
    this.tell();
  }

  private tell(): void {
    let segmentsRecovered = 0;
    let segmentsTotal = 0;
    for (const [recovered, total] of this.segments.values()) {
      segmentsRecovered += recovered;
      segmentsTotal += total;
    }
    const { logsLoaded, logsTotal } = this;
    this.report?.({ logsLoaded, logsTotal, segmentsRecovered, segmentsTotal });
  }
}

export async function inParallel<T>(
  items: readonly T[],
  limit: number,
  run: (item: T) => Promise<void>,
): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < items.length) await run(items[next++] as T);
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
}
