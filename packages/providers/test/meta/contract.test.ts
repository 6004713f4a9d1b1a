import { providerContract } from '@blazz/simulator/contracts';
import { graphHarness, lackedByGraph } from './support/graph-harness';

providerContract('metaProvider', {
  timeoutMs: 10_000,
  quietMs: 200,
  lacks: lackedByGraph,
  open: graphHarness,
});
