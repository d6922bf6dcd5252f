/** Small grammars that only one setting has. */

/** `share.auto.offset.reset`: earliest, latest, or by_duration: and an ISO 8601 duration that is not negative. */
export function isOffsetReset(text: string): boolean {
  if (text === "earliest" || text === "latest") return true;
  if (!text.startsWith("by_duration:")) return false;
  return isDuration(text.slice("by_duration:".length));
}

/** As Java's Duration.parse, without the negative ones: PnDTnHnMn.nS, at least one part, upper or lower case. */
function isDuration(text: string): boolean {
  const match = /^\+?P(\+?\d+D)?(T(\+?\d+H)?(\+?\d+M)?(\+?\d+([.,]\d{0,9})?S)?)?$/i.exec(text);
  if (match === null) return false;
  return (match[1] ?? match[3] ?? match[4] ?? match[5]) !== undefined && (match[2] ?? "").toUpperCase() !== "T";
}
