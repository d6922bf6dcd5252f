/**
 * Runs rows: each round measures every subject once, in turn (A B A B …). A measurement that fails or takes too long
 * ends its row, with the rounds that it has; the nodes are then started anew, so that it costs the next row nothing.
 * With a time for the whole run each row gets an equal share of what is left, at least one round.
 */
import type { Broker } from "../compat-tests/lib/brokers.ts";
import type { Figures, Measured, OwnRow, Row, SharedRow } from "./row.ts";
import {
  type LimitProcess,
  type Subject,
  type Subjects,
  type SyncMode,
  startLimit,
  startOurs,
  startPeer,
  startSubjects,
} from "./subject.ts";
import { warmUp } from "./warm-up.ts";

const LIMIT_SECONDS = 120;

export interface Plan {
  readonly rounds: number;
  /** For the whole run. */
  readonly seconds: number;
  done(measured: Measured): void;
}

export class BenchRun {
  private readonly plan: Plan;
  private readonly began = performance.now();
  private rowsLeft: number;
  /** What must not be left running. */
  private subjects: Subjects | null = null;
  private own: Broker | null = null;
  private limits: LimitProcess[] = [];

  constructor(plan: Plan, rows: readonly Row[]) {
    this.plan = plan;
    this.rowsLeft = rows.length;
  }

  /** Ends what it has started. */
  async dispose(): Promise<void> {
    const { subjects, own, limits } = this;
    this.subjects = null;
    this.own = null;
    this.limits = [];
    for (const limit of limits) limit.dispose();
    await Promise.all([subjects?.dispose(), own?.dispose()]);
  }

  async all(rows: readonly Row[]): Promise<void> {
    for (const row of rows) if ("measureOwn" in row) await this.row(row, () => this.ownRound(row));
    for (const sync of ["page cache", "synced"] satisfies SyncMode[]) {
      const shared = rows.filter((row): row is SharedRow => "measure" in row && row.sync === sync);
      if (shared.length === 0) continue;
      await this.warmSubjects(sync).catch(() => this.dispose()); // the row tries again, and says what failed
      for (const row of shared) await this.row(row, (round) => this.sharedRound(row, round));
      await this.dispose();
    }
  }

  private async row(row: Row, round: (index: number) => AsyncGenerator<[string, Figures]>): Promise<void> {
    const bySubject = new Map<string, Figures[]>();
    const beganMs = performance.now();
    const leftMs = this.plan.seconds * 1_000 - (beganMs - this.began);
    const untilMs = beganMs + leftMs / this.rowsLeft--;
    const rounds = Math.min(this.plan.rounds, row.roundsMax ?? this.plan.rounds);
    let failure: string | null = null;
    try {
      for (let index = 0; index < rounds; index++) {
        const meanMs = (performance.now() - beganMs) / index;
        if (index > 0 && performance.now() + meanMs > untilMs) break;
        const found: [string, Figures][] = [];
        for await (const one of round(index)) found.push(one);
        for (const [label, figures] of found) bySubject.set(label, [...(bySubject.get(label) ?? []), figures]);
      }
    } catch (cause) {
      failure = cause instanceof Error ? cause.message : String(cause);
      await this.dispose();
    }
    for (const limit of this.limits.splice(0)) limit.dispose();
    this.plan.done({ row, bySubject, failure });
  }

  private async *sharedRound(row: SharedRow, round: number): AsyncGenerator<[string, Figures]> {
    const { all } = this.subjects ?? (await this.warmSubjects(row.sync));
    if (this.limits.length === 0) {
      this.limits = await Promise.all((row.limits ?? []).map((kind) => startLimit(kind, row.sync)));
    }
    const subjects: Subject[] = [...all, ...this.limits.map(({ subject }) => subject)];
    for (const [i, subject] of subjects.entries()) {
      yield [subject.label, await within(row, subject.label, row.measure(subject, `${row.name}-${i}-${round}`))];
    }
  }

  private async warmSubjects(sync: SyncMode): Promise<Subjects> {
    const subjects = await startSubjects(sync);
    this.subjects = subjects;
    for (const subject of subjects.all) await warmUp(subject);
    return subjects;
  }

  private async *ownRound(row: OwnRow): AsyncGenerator<[string, Figures]> {
    for (const [label, start] of [
      ["Apache", startPeer],
      ["Odradek", () => startOurs(row.sync)],
    ] as const) {
      let over = false;
      this.own = await start();
      const keep = (restarted: Broker): void => {
        if (over)
          void restarted.dispose(); // it was given up while it started
        else this.own = restarted;
      };
      try {
        yield [label, await within(row, label, row.measureOwn(this.own, keep))];
      } finally {
        over = true;
        await this.dispose();
      }
    }
    if (row.measureFloor !== undefined) yield ["floor", await within(row, "floor", row.measureFloor())];
  }
}

async function within<T>({ name, limitSeconds = LIMIT_SECONDS }: Row, label: string, measured: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>();
  const fail = () => late.reject(new Error(`${name} of ${label} took longer than ${limitSeconds} s`));
  const timer = setTimeout(fail, limitSeconds * 1_000);
  measured.catch(() => {}); // of one that is given up, nobody hears
  return Promise.race([measured, late.promise]).finally(() => clearTimeout(timer));
}
