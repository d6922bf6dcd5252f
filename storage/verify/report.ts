/** What a verification found, and how far it is. */

/** `damage` is wrong; a `note` is only worth knowing, such as a torn tail that the next start cuts off. */
export type Severity = "damage" | "note";

export interface Finding {
  readonly severity: Severity;
  readonly path: string;
  /** Where in the file, null where that says nothing. */
  readonly position: number | null;
  readonly message: string;
}

export interface VerifyCounts {
  partitions: number;
  files: number;
  bytes: number;
  batches: number;
  records: number;
}

/** So much is told of one file; a damaged one may have a finding per batch. */
const FINDINGS_PER_FILE_MAX = 10;

export class VerifyReport {
  readonly findings: Finding[] = [];
  readonly counts: VerifyCounts = { partitions: 0, files: 0, bytes: 0, batches: 0, records: 0 };
  /** Findings that are not told one by one. */
  untold = 0;
  private readonly perFile = new Map<string, number>();
  private readonly onProgress: (counts: VerifyCounts) => void;

  constructor(onProgress: (counts: VerifyCounts) => void = () => {}) {
    this.onProgress = onProgress;
  }

  damage(path: string, message: string, position: number | null = null): void {
    this.add({ severity: "damage", path, position, message });
  }

  note(path: string, message: string, position: number | null = null): void {
    this.add({ severity: "note", path, position, message });
  }

  file(): void {
    this.counts.files++;
  }

  read(bytes: number): void {
    this.counts.bytes += bytes;
    this.onProgress(this.counts);
  }

  get damaged(): boolean {
    return this.findings.some(({ severity }) => severity === "damage");
  }

  private add(finding: Finding): void {
    const told = this.perFile.get(finding.path) ?? 0;
    this.perFile.set(finding.path, told + 1);
    if (told < FINDINGS_PER_FILE_MAX) this.findings.push(finding);
    else this.untold++;
  }
}
