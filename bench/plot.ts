/** The ratios of a run as an SVG: a bar from 1 to the median on a logarithmic scale, a line from minimum to maximum. */
import { compare } from "./report.ts";
import type { Measured } from "./row.ts";

const WIDTH = 900;
const LINE = 22;
const LABELS = 470;
const escaped = (value: string) => value.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

interface Bar {
  readonly title: string;
  readonly met: boolean | null;
  /** How many times better: minimum, median and maximum. */
  readonly values: readonly [number, number, number];
}

function barsOf(all: readonly Measured[]): Bar[] {
  return all.flatMap((measured) =>
    measured.row.columns.flatMap((column): Bar[] => {
      const { aim, against } = column;
      if (aim === undefined || against === "itself") return [];
      const { ratios, met } = compare(measured, column);
      const ratio = ratios.get(against ?? "Apache");
      if (ratio === undefined || Number.isNaN(ratio.median)) return [];
      const better = (value: number) => ("atLeast" in aim ? value : 1 / value);
      const { min, median, max } = ratio;
      return [
        { title: `${measured.row.name}: ${column.title}`, met, values: [better(min), better(median), better(max)] },
      ];
    }),
  );
}

export function plot(all: readonly Measured[]): string {
  const bars = barsOf(all);
  const x = (value: number) => LABELS + 90 + Math.max(-80, Math.min(320, 75 * Math.log2(value)));
  const lines = bars.map(({ title, met, values: [from, middle, to] }, i) => {
    const y = 50 + i * LINE;
    const [one, at] = [x(1), x(middle)];
    const colour = met === false ? "#c2553d" : "#3d7ac2";
    return [
      `<text x="${LABELS}" y="${y + 12}" text-anchor="end">${escaped(title)}</text>`,
      `<rect x="${Math.min(one, at)}" y="${y}" width="${Math.abs(at - one)}" height="14" fill="${colour}"/>`,
      `<line x1="${x(from)}" x2="${x(to)}" y1="${y + 7}" y2="${y + 7}" stroke="#222"/>`,
      `<text x="${WIDTH - 4}" y="${y + 12}" text-anchor="end">${middle.toFixed(2)}×</text>`,
    ].join("");
  });
  const height = 60 + bars.length * LINE;
  const axis = [0.5, 1, 2, 4, 8, 16].map((value) => {
    const at = x(value);
    const label = `<text x="${at}" y="36" text-anchor="middle">${value}×</text>`;
    return `<line x1="${at}" x2="${at}" y1="40" y2="${height}" stroke="#ddd"/>${label}`;
  });
  const heading = "Times better than Apache Kafka 4.3.1 (or the limit named); red misses its aim";
  const title = `<text x="8" y="18" font-weight="bold">${heading}</text>`;
  const size = `width="${WIDTH}" height="${height}" font-family="sans-serif" font-size="12"`;
  const background = `<rect width="100%" height="100%" fill="#fff"/>`;
  const open = `<svg xmlns="http://www.w3.org/2000/svg" ${size}>`;
  return `${open}${background}${title}${axis.join("")}${lines.join("\n")}</svg>\n`;
}
