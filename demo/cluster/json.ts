/** A JSON value; members that are `undefined` are left out when it is written. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json | undefined;
}

/** A moment as the API writes it: whole seconds, UTC. */
export function timeText(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`;
}

/** As {@link timeText}, `null` staying `null`. */
export function timeOrNull(at: number | null): string | null {
  return at === null ? null : timeText(at);
}
