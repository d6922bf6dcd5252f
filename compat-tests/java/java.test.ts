/** Java clients of this release and of the next: one program, in which nobody can tell what serves it. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { join } from "node:path";
import { type Broker, startSubject } from "../lib/brokers.ts";
import { available, jars } from "../lib/place.ts";
import { run } from "../lib/process.ts";
import { javaFlags } from "../lib/tools.ts";

const expected = (version: string) => `version ${version}
produced none
produced gzip
produced snappy
produced lz4
produced zstd
consumed {gzip=100, lz4=100, none=100, snappy=100, zstd=100}
nodes 1
retention 3600000
partitions 3
ends [0:250, 1:250]
committed {java-0=250, java-1=250}
left []
`;

describe.each([
  ["4.3.1", "4.3.1"],
  ["4.4.0", "clients-4.4.0"],
])("the Java clients of %s", (version, set) => {
  const libs = jars(set);
  let broker: Broker;
  beforeAll(async () => {
    broker = await startSubject();
  });
  afterAll(() => broker?.dispose());

  test.skipIf(!available(`Java with the clients of ${version}`, libs !== null))(
    "administer, produce, consume and delete",
    async () => {
      const command = [
        "java",
        ...javaFlags,
        "-cp",
        `${libs}/*`,
        join(import.meta.dir, "Client.java"),
        broker.bootstrap,
      ];
      const { exitCode, stdout, stderr } = await run(command, { timeoutMs: 90_000 });
      expect([stdout, exitCode], stderr).toEqual([expected(version), 0]);
    },
    100_000,
  );
});
