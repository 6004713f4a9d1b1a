import type { Clock, Store } from '@blazz/core';
import { afterEach, beforeEach } from 'vitest';
import { ManualClock } from '../../clock/manual-clock';

/** How the store contracts get at the adapter under test. */
export interface StoreHarness {
  /**
   * Makes a store that is empty and started. Called before each test; the contract stops it.
   * @param clock the time that the tests live in. What a port is given as `now` comes from it too
   */
  create(clock: Clock): Promise<Store>;
  /**
   * Ends a store and starts one on the same data, as a restart of the process does. Left out by
   * stores that outlive no process.
   */
  reopen?(store: Store, clock: Clock): Promise<Store>;
}

/** The store of the test that runs. */
export interface StoreUnderTest {
  /** The store. */
  readonly store: Store;
  /** The time that the test lives in. */
  readonly clock: ManualClock;
  /** Goes on with another store object, which is stopped at the end in the place of the first. */
  readonly replace: (store: Store) => void;
}

/** Gives each test of the present `describe` block a store of its own. */
export function eachWithStore(harness: StoreHarness): StoreUnderTest {
  let store: Store | undefined;
  let clock = new ManualClock();
  beforeEach(async () => {
    clock = new ManualClock();
    store = await harness.create(clock);
  });
  afterEach(async () => {
    await store?.stop();
    store = undefined;
  });
  return {
    get store() {
      if (store === undefined) throw new Error('No store: the harness could not create one.');
      return store;
    },
    get clock() {
      return clock;
    },
    replace: (other) => {
      store = other;
    },
  };
}
