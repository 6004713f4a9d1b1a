import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ContractContext, ProviderContractOptions } from './contract-context';
import { endingContract } from './ending-contract';
import { linkingContract } from './linking-contract';
import { ProviderBench } from './provider-bench';
import { receivingContract } from './receiving-contract';
import { sendingContract } from './sending-contract';

/**
 * What every provider keeps to, as tests: registers a `describe` block with vitest. The tests of
 * one provider share its sessions and run in their order, since a start may mean a browser.
 * @param name what the block is called
 */
export function providerContract(name: string, options: ProviderContractOptions): void {
  const { open, lacks = [], settings = {}, samples = {} } = options;
  const { timeoutMs = 5_000, quietMs = 50 } = options;
  describe(`${name} keeps the provider contract`, { timeout: 6 * timeoutMs }, () => {
    let opened: ProviderBench | undefined;
    beforeAll(async () => {
      const hasQr = !lacks.includes('qr');
      opened = new ProviderBench(await open(), { timeoutMs, settings, hasQr });
    }, 6 * timeoutMs);
    afterAll(async () => opened?.stop(), 6 * timeoutMs);

    const context: ContractContext = {
      bench: () => {
        if (opened === undefined) throw new Error('The harness could not be opened.');
        return opened;
      },
      lacks: (feature) => lacks.includes(feature),
      samples,
      quiet: () => new Promise((resolve) => setTimeout(resolve, quietMs)),
    };
    linkingContract(context);
    sendingContract(context);
    receivingContract(context);
    endingContract(context);

    it('has kept numbers, texts, QRs and codes out of its log', () => {
      const { lines, secrets } = context.bench();
      for (const secret of secrets) {
        expect(lines.filter((line) => line.includes(secret))).toEqual([]);
      }
    });
  });
}
