import { timingSafeEqual } from 'node:crypto';

/**
 * Whether two texts are equal, in a time that does not tell where they differ. Their lengths are
 * no secret; `timingSafeEqual` alone would throw when they differ.
 */
export function equalInConstantTime(a: string, b: string): boolean {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.byteLength === right.byteLength && timingSafeEqual(left, right);
}
