/** The peer's address as Java's InetAddress.getHostAddress prints it: IPv6 in eight groups, nothing left out. */
export function javaHostText(host: string): string {
  if (!host.includes(":")) return host;
  const [address = "", zone] = host.split("%");
  const [head = "", tail] = address.split("::");
  const before = groups(head);
  const after = tail === undefined ? [] : groups(tail);
  const zeros = tail === undefined ? [] : Array<string>(8 - before.length - after.length).fill("0");
  const text = [...before, ...zeros, ...after].join(":");
  return zone === undefined ? text : `${text}%${zone}`;
}

function groups(text: string): string[] {
  return text === "" ? [] : text.split(":").map((group) => Number.parseInt(group, 16).toString(16));
}
