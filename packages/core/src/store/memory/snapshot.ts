/**
 * A frozen copy of a JSON value, without the properties that are `undefined`: what is stored is out
 * of reach of whoever handed it in, and of whoever reads it, as it would be on a disk.
 */
export function snapshot<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return Object.freeze(value.map((each) => snapshot(each))) as T;
  // Spread and then mended: a copy built field by field under computed names takes 20 times as long.
  const copy = { ...value } as Record<string, unknown>;
  for (const key of Object.keys(copy)) {
    const field = copy[key];
    if (typeof field === 'object' && field !== null) copy[key] = snapshot(field);
    else if (field === undefined) delete copy[key];
  }
  return Object.freeze(copy) as T;
}

/** Freezes what was built from snapshots: whatever is frozen already is passed over. */
export function seal<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  for (const field of Object.values(value)) seal(field);
  return Object.freeze(value);
}
