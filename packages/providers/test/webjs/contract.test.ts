import { providerContract } from '@blazz/simulator/contracts';
import { webHarness } from './support/web-harness';

providerContract('webjsProvider', { timeoutMs: 30_000, quietMs: 500, open: webHarness });
