/** Lists over the emitted files: per log its records by type, and for tools and tests everything there is. */
import type { EmittedFile } from "./emit.ts";
import { kebab } from "./emit.ts";
import type { Definition } from "./read.ts";

const DO_NOT_EDIT = "Do not edit: npm run generate.";

function imports(entries: readonly (readonly [name: string, path: string])[]): string {
  return entries.map(([name, path]) => `import { ${name} } from "${path}";\n`).join("");
}

/** Records whose frame carries a type number: the metadata log, and the control records of every log. */
export function emitTypeIndex(
  log: string,
  folder: string,
  what: string,
  records: readonly (readonly [type: number, definition: Definition])[],
): EmittedFile {
  const sorted = [...records].sort(([a], [b]) => a - b);
  const rows = sorted.map(([type, { name }]) => `  [${type}, ${name}],\n`).join("");
  return {
    path: `records/${log}-records.ts`,
    text:
      `// ${what} ${DO_NOT_EDIT}\n` +
      `import type { RecordSchema } from "../../message.ts";\n` +
      imports(sorted.map(([, { name }]) => [name, `./${folder}/${kebab(name)}.ts`])) +
      `\nexport const ${log}Records: ReadonlyMap<number, RecordSchema<unknown>> = ` +
      `new Map<number, RecordSchema<unknown>>([\n` +
      `${rows}]);\n`,
  };
}

/** Records of a coordinator: a key that begins with its type as an int16, and a value that begins with its version. */
export function emitKeyIndex(log: string, definitions: readonly Definition[]): EmittedFile {
  const keys = definitions.filter((definition) => definition.type === "coordinator-key");
  keys.sort((a, b) => (a.apiKey as number) - (b.apiKey as number));
  const pairs = keys.map((key) => {
    const value = definitions.find((each) => each.type === "coordinator-value" && each.apiKey === key.apiKey);
    if (value === undefined) throw new Error(`${key.name} has no value`);
    return [key, value] as const;
  });
  const names = pairs.flat().map(({ name }) => [name, `./${log}/${kebab(name)}.ts`] as const);
  const rows = pairs.map(([key, value]) => `  [${key.apiKey}, { key: ${key.name}, value: ${value.name} }],\n`);
  return {
    path: `records/${log}-records.ts`,
    text:
      `// The records of the ${log} coordinator by key type (the int16 before the key). ${DO_NOT_EDIT}\n` +
      `import type { KeyValueSchema } from "../../message.ts";\n` +
      imports(names) +
      `\nexport const ${log}Records: ReadonlyMap<number, KeyValueSchema> = new Map<number, KeyValueSchema>([\n` +
      `${rows.join("")}]);\n`,
  };
}

export function emitAll(
  apis: readonly { readonly name: string; readonly key: number }[],
  records: readonly { readonly definition: Definition; readonly log: string }[],
): EmittedFile[] {
  const sorted = [...apis].sort((a, b) => a.key - b.key);
  const schemas = [...records].sort((a, b) => (a.definition.name < b.definition.name ? -1 : 1));
  return [
    {
      path: "all-messages.ts",
      text:
        `// Every API by key, for tools and tests; a broker imports what it serves. ${DO_NOT_EDIT}\n` +
        `import type { Message } from "../message.ts";\n` +
        imports(sorted.map(({ name }) => [name, `./${kebab(name)}.ts`])) +
        `\nexport const allMessages: readonly Message<unknown, unknown>[] = [\n` +
        `${sorted.map(({ name }) => `  ${name},\n`).join("")}];\n`,
    },
    {
      path: "all-records.ts",
      text:
        `// Every record schema by name, for tools and tests. ${DO_NOT_EDIT}\n` +
        `import type { RecordSchema } from "../message.ts";\n` +
        imports(
          schemas.map(({ definition, log }) => [definition.name, `./records/${log}/${kebab(definition.name)}.ts`]),
        ) +
        `\nexport const allRecords: readonly RecordSchema<unknown>[] = [\n` +
        `${schemas.map(({ definition }) => `  ${definition.name},\n`).join("")}];\n`,
    },
  ];
}
