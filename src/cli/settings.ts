/** Settings from a properties file and overrides, for the commands that need them. */
import type { Disk } from "../../base/ports.ts";
import { ConfigError } from "../config/error.ts";
import { parseProperties } from "../config/properties.ts";
import { parseStatic } from "../config/static.ts";
import type { StaticConfig } from "../config/static-config.ts";

export interface SettingsSource {
  /** Null for the settings of a single node on localhost. */
  readonly file: string | null;
  readonly overrides: readonly (readonly [key: string, value: string])[];
}

/** @throws ConfigError */
export function readSettings({ file, overrides }: SettingsSource, disk: Disk, workingDirectory: string): StaticConfig {
  if (file === null) return parseStatic({ file, overrides, workingDirectory });
  const path = file.startsWith("/") ? file : `${workingDirectory}/${file}`;
  const info = disk.info(path);
  if (info === null) throw new ConfigError(`There is no file ${path}.`);
  if (info.directory) throw new ConfigError(`${path} is a directory; a properties file is wanted.`);
  const handle = disk.open(path, { readOnly: true });
  try {
    const properties = parseProperties(disk.read(handle, 0, info.sizeBytes));
    return parseStatic({ file: properties, overrides, workingDirectory });
  } catch (failure) {
    if (!(failure instanceof ConfigError)) throw failure;
    throw new ConfigError(`${path}: ${failure.message}`);
  } finally {
    disk.close(handle);
  }
}
