const shape = /^(?:"([A-Za-z0-9_-]{16,128})"|([A-Za-z0-9_-]{16,128}))$/;

/** Reads an `Idempotency-Key` header, quoted or bare. Undefined when it is not well formed. */
export function parseIdempotencyKey(header: string): string | undefined {
  const match = shape.exec(header);
  return match?.[1] ?? match?.[2];
}

/** Whether `value` can be an idempotency key: 16 to 128 letters, digits, `_` or `-`. */
export function isIdempotencyKey(value: unknown): value is string {
  return typeof value === 'string' && !value.startsWith('"') && shape.test(value);
}
