/**
 * A frozen copy of a JSON value, without the properties that are `undefined`: what is stored is out
 * of reach of whoever handed it in, and of whoever reads it, as it would be on a disk.
 */
export function snapshot<T>(value: T): T {
  if (Array.isArray(value)) return Object.freeze(value.map(snapshot)) as T;
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  // `fromEntries` defines properties, so that a key called `__proto__` is one like any other.
  return Object.freeze(
    Object.fromEntries(fields.map(([key, field]) => [key, snapshot(field)])),
  ) as T;
}

/** Freezes what was built from snapshots: whatever is frozen already is passed over. */
export function seal<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  for (const field of Object.values(value)) seal(field);
  return Object.freeze(value);
}
