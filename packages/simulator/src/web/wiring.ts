import { systemClock } from '@blazz/core';
import { Timers } from '../timers';
import { AccountBook } from './accounts/account-book';
import { Directory } from './accounts/directory';
import type { ConnectionContext } from './connection/connection-context';
import type { PageConnection } from './connection/page-connection';
import type { Publish } from './events';
import { FaultBoard } from './faults';
import { MediaVault } from './media/media-vault';
import { Acknowledger } from './network/acknowledger';
import { Amendments } from './network/amendments';
import { EffectLedger } from './network/effect-ledger';
import type { NetworkContext } from './network/network-context';
import { Outgoing } from './network/outgoing';
import { PostOffice } from './network/post-office';
import { defaultTimings, defaultVersion, type WebSimulatorOptions } from './options';
import { PairingDesk } from './pairing/pairing-desk';
import type { PageSettings } from './wire';

/** Puts the simulated WhatsApp together: everything but its servers. */
export function wire(options: WebSimulatorOptions, publish: Publish): ConnectionContext {
  const clock = options.clock ?? systemClock;
  const timings = { ...defaultTimings, ...options.timings };
  const timers = new Timers(clock);
  const accounts = new AccountBook();
  const network: NetworkContext = {
    accounts,
    directory: new Directory(accounts, options.isRegistered ?? (() => true)),
    vault: new MediaVault(options.dataDir),
    ledger: new EffectLedger(),
    faults: new FaultBoard(options.faults ?? {}),
    clock,
    timings,
    timers,
    publish,
  };
  const acknowledger = new Acknowledger(network, options.ackMode ?? 'read');
  const office = new PostOffice(network, acknowledger);
  const amendments = new Amendments(network);
  const outgoing = new Outgoing(network, office, amendments, acknowledger);
  const desk = new PairingDesk<PageConnection>(timings, timers, publish);
  return { ...network, acknowledger, office, amendments, outgoing, desk };
}

/** What is written into the page's script. */
export function pageSettings(options: WebSimulatorOptions): PageSettings {
  const { bootMs, socketTimeoutMs, reconnectMs } = { ...defaultTimings, ...options.timings };
  return {
    version: options.version ?? defaultVersion,
    bootMs,
    socketTimeoutMs,
    reconnectMs,
    credentialStorage: options.credentialStorage ?? 'indexeddb',
  };
}
