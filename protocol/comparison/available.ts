/** What a comparison needs and a machine may lack. Under CI=true nothing may: a skipped proof proves nothing. */
export function available(what: string, needs: Readonly<Record<string, boolean>>, mandatory: boolean): boolean {
  const lacking = Object.keys(needs).filter((need) => !needs[need]);
  if (lacking.length === 0) return true;
  const message = `${what}: not run: no ${lacking.join(", no ")}`;
  if (mandatory) throw new Error(message);
  console.warn(message);
  return false;
}
