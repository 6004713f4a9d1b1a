/** How deep a JSON value from outside may be nested: far above any honest one, far below any stack. */
const MAX_DEPTH = 64;

/** Whether a JSON value is nested so deep that a function that follows it down could run out of stack. */
export function isTooDeep(value: unknown, left: number = MAX_DEPTH): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (left === 0) return true;
  const fields = Array.isArray(value) ? value : Object.values(value);
  return fields.some((field: unknown) => isTooDeep(field, left - 1));
}
