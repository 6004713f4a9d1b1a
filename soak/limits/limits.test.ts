import { Gateway, MemoryStore, staticWorkspaces } from '@blazz/core';
import { metaProvider } from '@blazz/providers/meta';
import { GraphSimulator } from '@blazz/simulator/graph';
import { expect, it } from 'vitest';

/** How long to send, in seconds. */
const seconds = Number(process.env.BLAZZ_LIMIT_SECONDS ?? 15);
const perSecond = 80;

it('five times what a number may send leaves at its pace, almost never refused, and none is lost', {
  timeout: (seconds * 8 + 60) * 1_000,
}, async () => {
  const simulator = new GraphSimulator({
    receipts: 'none',
    limits: { window: false },
    // A round trip to Meta.
    timings: { answerMs: 100 },
  });
  await simulator.start();
  const { phoneNumberId, accessToken } = simulator.addBusiness();
  const codes: number[] = [];
  simulator.on('request', ({ code }) => {
    if (code !== undefined) codes.push(code);
  });
  const settings = {
    phone_number_id: phoneNumberId,
    access_token: accessToken,
    graph_url: simulator.url,
  };
  const gateway = new Gateway({
    store: new MemoryStore(),
    providers: [metaProvider()],
    workspaces: staticWorkspaces([{ workspace_id: 'ws', provider_type: 'meta_api', settings }]),
  });
  await gateway.start();
  const workspace = gateway.workspace('ws');
  await (await workspace.session()).start();
  const total = perSecond * seconds;
  const text = { type: 'text', text: { body: 'hello' } } as const;
  const accepted = await Promise.all(
    Array.from({ length: total }, (_, index) =>
      workspace.send({ to: `4915${10_000_000 + index}`, ...text }),
    ),
  );
  await expect
    .poll(() => simulator.effects.length, { timeout: seconds * 4_000 + 30_000, interval: 20 })
    .toBe(total);
  // The first fifth is the warm-up, while everything is still being accepted.
  const times = simulator.effects.slice(total / 5).map(({ time }) => time);
  const rate = ((times.length - 1) * 1_000) / ((times.at(-1) ?? 0) - (times[0] ?? 0));
  console.log(
    `${total} messages at ${rate.toFixed(1)} a second (of ${perSecond}), ${codes.length} refused`,
  );
  for (const { message } of accepted) {
    expect((await workspace.settled(message.message_id, { timeoutMs: 10_000 })).status).toBe(
      'sent',
    );
  }
  expect(new Set(simulator.effects.map(({ callbackData }) => callbackData)).size).toBe(total);
  expect(codes.length).toBeLessThanOrEqual(total * 0.001);
  expect(rate).toBeGreaterThanOrEqual(perSecond * 0.95);
  await gateway.stop();
  await simulator.stop();
});
