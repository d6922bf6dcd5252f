/** The only list of what we speak: one name per file, by key. ApiVersions, dispatch, docs and tests derive from it. */
import type { AnyApi } from "./api.ts";

export const apis: readonly AnyApi[] = [];

export const apiByKey: ReadonlyMap<number, AnyApi> = new Map(apis.map((api) => [api.message.key, api]));
