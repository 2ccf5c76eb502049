/** Puts a value at the end of a map that holds at most so many; the oldest go first. */
export function keepNewest<Key, Value>(map: Map<Key, Value>, most: number, [key, value]: readonly [Key, Value]): void {
  map.delete(key);
  map.set(key, value);
  for (const oldest of map.keys()) {
    if (map.size <= most) break;
    map.delete(oldest);
  }
}
