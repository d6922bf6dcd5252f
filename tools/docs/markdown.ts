/** The little Markdown that the generated documents need. */

export const notice = "<!-- Written by tools/generate-docs.ts from the tables in the code: npm run docs. -->";

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(escaped).join(" | ")} |`;
  return [line(head), `|${head.map(() => "---").join("|")}|`, ...rows.map(line)].join("\n");
}

function escaped(cell: string): string {
  return cell.replaceAll("|", "\\|").replaceAll("\n", " ");
}

/** A name of the code or the wire. */
export function code(text: string): string {
  return `\`${text}\``;
}

export function page(...parts: readonly string[]): string {
  return `${notice}\n\n${parts.join("\n\n")}\n`;
}
