/**
 * A frozen copy of a JSON value, without the properties that are `undefined`: what is stored is out
 * of reach of whoever handed it in, and of whoever reads it, as it would be on a disk.
 */
export function snapshot<T>(value: T): T {
  if (Array.isArray(value)) return Object.freeze(value.map(snapshot)) as T;
  if (typeof value !== 'object' || value === null) return value;
  const copy: Record<string, unknown> = {};
  for (const key of Object.keys(value)) {
    const field = snapshot((value as Record<string, unknown>)[key]);
    if (field === undefined) continue;
    if (key !== '__proto__') copy[key] = field;
    // Assigned like the others, a key of this name would change the copy's prototype.
    else Object.defineProperty(copy, key, { value: field, enumerable: true });
  }
  return Object.freeze(copy) as T;
}

/** Freezes what was built from snapshots: whatever is frozen already is passed over. */
export function seal<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  for (const field of Object.values(value)) seal(field);
  return Object.freeze(value);
}
