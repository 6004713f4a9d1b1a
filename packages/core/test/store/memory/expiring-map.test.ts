import { describe, expect, it } from 'vitest';
import { ExpiringMap } from '../../../src/store/memory/expiring-map';

describe('ExpiringMap', () => {
  it('keeps no more than what has not ended yet', () => {
    const map = new ExpiringMap<number>();
    for (let now = 0; now < 50_000; now++) map.set(`key-${now}`, now, now + 100, now);
    expect(map.size).toBe(100);
    expect(map.get('key-49999', 50_098)).toBe(49_999);
    expect(map.get('key-49999', 50_099)).toBeUndefined();
  });

  it('goes by the end that was written last', () => {
    const map = new ExpiringMap<string>();
    map.set('key', 'first', 10, 0);
    map.set('key', 'second', 100, 5);
    map.set('other', 'x', 1_000, 50);
    expect(map.get('key', 50)).toBe('second');
    map.set('other', 'x', 1_000, 100);
    expect(map.size).toBe(1);
  });

  it('drops what was written first when it is full', () => {
    const map = new ExpiringMap<number>(3);
    for (let i = 0; i < 5_000; i++) map.set(`key-${i}`, i, 1_000_000, 0);
    expect(map.size).toBe(3);
    expect(map.get('key-4996', 0)).toBeUndefined();
    expect([4997, 4998, 4999].map((i) => map.get(`key-${i}`, 0))).toEqual([4997, 4998, 4999]);
    map.delete('key-4998');
    expect(map.size).toBe(2);
  });
});
