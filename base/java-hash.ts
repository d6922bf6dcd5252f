/**
 * Java's String.hashCode, and the order in which a small HashMap<String, …> is walked: both leak into Kafka's
 * behaviour.
 */

/** s[0]*31^(n-1) + … + s[n-1] over the UTF-16 units, as int32. */
export function javaHash(text: string): number {
  let hash = 0;
  for (let i = 0; i < text.length; i++) hash = (Math.imul(hash, 31) + text.charCodeAt(i)) | 0;
  return hash;
}

/** As Kafka's Utils.abs: the one int32 without a positive counterpart becomes 0. */
export function absoluteInt32(value: number): number {
  return value === -0x8000_0000 ? 0 : Math.abs(value);
}

/** The keys, given in insertion order and each once, in the order in which Java's HashMap iterates over them. */
export function hashMapOrder(keys: readonly string[]): string[] {
  let buckets = 16;
  while (keys.length > buckets * 0.75) buckets *= 2;
  const bucketOf = (key: string): number => {
    const hash = javaHash(key);
    return (hash ^ (hash >>> 16)) & (buckets - 1);
  };
  return [...keys].sort((left, right) => bucketOf(left) - bucketOf(right)); // stable: insertion order within a bucket
}
