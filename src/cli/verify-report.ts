/** A verification as a person reads it, and as a program does. */
import type { Finding, VerifyReport } from "../../storage/verify/report.ts";

export function reportText(path: string, report: VerifyReport): string {
  const { counts, findings, untold } = report;
  const damages = findings.filter(({ severity }) => severity === "damage");
  const notes = findings.filter(({ severity }) => severity === "note");
  const lines = [...section("damaged", path, damages), ...section("to know", path, notes)];
  if (untold > 0) lines.push(`  and ${untold} more in the files above`);
  const read =
    `${count(counts.partitions, "partition")}, ${count(counts.files, "file")}, ${count(counts.batches, "batch")}, ` +
    `${count(counts.records, "record")}, ${size(counts.bytes)}`;
  const verdict = report.damaged ? `${path} is damaged: ${count(damages.length, "finding")}` : `${path} is sound`;
  return `${[...lines, `${verdict} (${read}).`].join("\n")}\n`;
}

export function reportJson(path: string, report: VerifyReport): string {
  const { counts, findings, untold } = report;
  return `${JSON.stringify({ path, sound: !report.damaged, ...counts, findings, untold })}\n`;
}

export function progressBar(done: number, total: number, columns: number): string {
  const share = total === 0 ? 1 : Math.min(1, done / total);
  const label = ` ${Math.floor(share * 100)
    .toString()
    .padStart(3)} %  ${size(done)} of ${size(total)}`;
  const width = Math.max(0, Math.min(40, columns - label.length - 3));
  const filled = Math.round(share * width);
  return `[${"#".repeat(filled)}${" ".repeat(width - filled)}]${label}`;
}

function section(title: string, path: string, findings: readonly Finding[]): string[] {
  if (findings.length === 0) return [];
  const tell = ({ path: file, position, message }: Finding) => {
    const name = file.startsWith(`${path}/`) ? file.slice(path.length + 1) : file;
    return `  ${name}${position === null ? "" : ` at byte ${position}`}: ${message}`;
  };
  return [`${title}:`, ...findings.map(tell), ""];
}

function count(n: number, noun: string): string {
  const many = noun.endsWith("ch") ? `${noun}es` : `${noun}s`;
  return `${n} ${n === 1 ? noun : many}`;
}

function size(bytes: number): string {
  if (bytes < 1 << 20) return `${(bytes / 1024).toFixed(1)} KiB`;
  return bytes < 1 << 30 ? `${(bytes / 2 ** 20).toFixed(1)} MiB` : `${(bytes / 2 ** 30).toFixed(1)} GiB`;
}
