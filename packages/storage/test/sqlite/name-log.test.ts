import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Database } from '../../src/sqlite/database';
import { NameLog } from '../../src/sqlite/name-log';
import { PlaceIndex } from '../../src/sqlite/place-index';

const TTL = 1_000;
const YEARS = 12 * 365 * 24 * 3_600_000;

/** A log in a database that is gone with the test, with commits by hand. */
function open() {
  const database = new Database();
  database.open(':memory:');
  database.exec(`CREATE TABLE marks (name TEXT, value);
    INSERT INTO marks VALUES ('name_seed', 7);
    CREATE TABLE names (place INTEGER PRIMARY KEY, ends_at INTEGER NOT NULL, names BLOB NOT NULL)`);
  const log = new NameLog(database, 'names');
  log.load();
  return {
    log,
    /** How many rows end in a stretch of time. */
    rows(from = 0, to = Number.MAX_SAFE_INTEGER): number {
      const sql = 'SELECT count(*) FROM names WHERE ends_at BETWEEN ? AND ?';
      return Number(database.prepare(sql).get([from, to])?.[0]);
    },
    /** Uses names in one commit. @returns which of them were known */
    use(names: readonly string[], now: number): readonly boolean[] {
      const known = names.map((name) => {
        const hash = log.hashOf(name);
        if (log.find(hash, now) !== undefined) return true;
        log.add(hash, now + TTL);
        return false;
      });
      log.flush();
      log.committed();
      return known;
    },
  };
}

it('forgets what has ended, however many names a clock that was ahead left before it', () => {
  const { use, rows } = open();
  let now = 0;
  for (let i = 0; i < 1_500; i++) use([`ahead-${i}`], YEARS + i);
  const go = (name: string): void => {
    for (let i = 0; i < 3_000; i++) {
      now += 100;
      use([`${name}-${i}`], now);
    }
  };
  go('then');
  // What is alive, what ended since it was looked at last, and what the clock left.
  expect(rows()).toBeLessThan(1_500 + 10 + 800);
  go('later');
  expect(rows()).toBeLessThan(1_500 + 10 + 800);
  expect(use(['ahead-1499', 'later-2999', 'later-0'], now)).toEqual([true, true, false]);
});

it('knows each name until its end, and keeps few that have ended, whatever the clock does', () => {
  const commit = fc.record({
    names: fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 1, maxLength: 6 }),
    step: fc.integer({ min: 0, max: 400 }),
    isAhead: fc.boolean(),
  });
  const phase = fc.record({ commits: fc.array(commit, { maxLength: 12 }), again: fc.nat(20) });
  fc.assert(
    fc.property(fc.array(phase, { maxLength: 6 }), (phases) => {
      const { use, rows } = open();
      const ends = new Map<string, number>();
      let [now, latest] = [0, 0];
      for (const { commits, again } of phases) {
        for (let time = 0; time <= again; time++) {
          for (const { names, step, isAhead } of commits) {
            now += step;
            const clock = isAhead ? now + YEARS : now;
            latest = Math.max(latest, clock);
            const own = [...new Set(names.map(String))];
            const known = use(own, clock);
            for (const [nth, name] of own.entries()) {
              const end = ends.get(name) ?? 0;
              if (end <= clock) expect(known[nth]).toBe(false);
              // A clock that was beyond its end may have had it forgotten.
              else if (end > latest) expect(known[nth]).toBe(true);
              if (known[nth] === false) ends.set(name, clock + TTL);
            }
          }
        }
      }
      // Those that have ended by now are gone once the log was gone through; those of the wrong clock stay.
      const then = now;
      const [before, wrong] = [rows(), rows(YEARS)];
      for (let i = 0; i < 64 * (before / 500 + 3); i++) {
        now += 50;
        use([`quiet-${i}`], now);
      }
      expect(rows(0, then)).toBe(0);
      expect(rows(YEARS)).toBe(wrong);
    }),
    { numRuns: 20 },
  );
}, 30_000);

it('lets go of every full segment that has ended, also behind one that a clock ahead left', () => {
  const index = new PlaceIndex();
  const count = 3 * 2 ** 16;
  const hash = (place: number): number => place * 0x1000193 + 2 ** 33;
  for (let place = 1; place <= count; place++)
    index.add(hash(place), place, place === 9 ? YEARS : TTL);
  index.forget(TTL);
  expect(index.find(hash(9))).toContain(9);
  for (const gone of [2 ** 16 + 5, 2 * 2 ** 16 + 5])
    expect(index.find(hash(gone))).not.toContain(gone);
});
