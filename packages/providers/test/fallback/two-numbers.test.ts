import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  Gateway,
  type InboundMessage,
  MemoryStore,
  type Session,
  staticWorkspaces,
} from '@blazz/core';
import { fallbackProvider } from '@blazz/providers/fallback';
import { metaProvider } from '@blazz/providers/meta';
import { type Business, GraphSimulator } from '@blazz/simulator/graph';
import { afterEach, describe, expect, it } from 'vitest';

const customer = '628222000001';
const image = new Uint8Array([0x89, 0x50, 0x4e, 0x47]);
const { signal } = new AbortController();

/** Two numbers of one tenant, each of an app of its own, as one session. */
class TwoNumbers implements AsyncDisposable {
  readonly simulator = new GraphSimulator({ receipts: 'sent' });
  readonly reads: string[] = [];
  readonly #callback: Server;
  first!: Business;
  second!: Business;
  gateway!: Gateway;
  session!: Session;

  constructor() {
    this.simulator.on('read', ({ phoneNumberId }) => this.reads.push(phoneNumberId));
    this.#callback = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', async () => {
        const header = (name: string) => request.headers[name]?.toString();
        const posted = { identifier: 'ws', header, body: Buffer.concat(chunks) };
        const code = await this.gateway.intake.receive(posted).then(
          () => 200,
          () => 401,
        );
        response.writeHead(code).end();
      });
    });
  }

  /** @param states how the members stand once the session is up */
  static async up(states = ['ready', 'ready'], before?: (two: TwoNumbers) => void) {
    const two = new TwoNumbers();
    own.push(two);
    await two.simulator.start();
    await new Promise<void>((resolve) => two.#callback.listen(0, '127.0.0.1', resolve));
    const callbackUrl = `http://127.0.0.1:${(two.#callback.address() as AddressInfo).port}/`;
    two.first = two.simulator.addBusiness({ number: '15550001001', callbackUrl });
    two.second = two.simulator.addBusiness({ number: '15550001002', callbackUrl });
    const wroteTo = [two.first.phoneNumberId, two.second.phoneNumberId];
    two.simulator.addContact({ number: customer, wroteTo });
    before?.(two);
    const members = [two.first, two.second].map((business) => ({
      provider: 'meta_api',
      settings: two.#settings(business),
    }));
    two.gateway = new Gateway({
      store: new MemoryStore(),
      providers: [fallbackProvider({ members: [metaProvider()] })],
      workspaces: staticWorkspaces([
        {
          workspace_id: 'ws',
          provider_type: 'fallback',
          sessions: ['main'],
          settings: { members },
        },
      ]),
    });
    await two.gateway.start();
    two.session = await two.workspace.session();
    await expect.poll(() => two.session.members.map(({ state }) => state)).toEqual(states);
    return two;
  }

  get workspace() {
    return this.gateway.workspace('ws');
  }

  /** What came in so far. */
  async received(): Promise<readonly InboundMessage[]> {
    await this.simulator.webhooks.idle();
    const { events } = await this.workspace.events({ after: 0, limit: 100 });
    return events.flatMap((event) => (event.type === 'message.received' ? event.data : []));
  }

  async send(content: object) {
    const { message } = await this.workspace.send({ to: customer, ...content } as never);
    return this.workspace.settled(message.message_id, { timeoutMs: 10_000 });
  }

  /** A payload that tells of a text to a number, signed by an app. */
  async forge(about: Business, signedBy: Business): Promise<void> {
    const text = { from: customer, id: 'wamid.forged', timestamp: '1767225600', type: 'text' };
    const metadata = { phone_number_id: about.phoneNumberId, display_phone_number: '1' };
    const messages = [{ ...text, text: { body: 'hello' } }];
    const value = { messaging_product: 'whatsapp', metadata, messages };
    const entry = [{ id: about.wabaId, changes: [{ field: 'messages', value }] }];
    const body = JSON.stringify({ object: 'whatsapp_business_account', entry });
    await this.simulator.webhooks.raw(signedBy.appId, body);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.gateway.stop();
    await this.simulator.stop();
    this.#callback.closeAllConnections();
    await new Promise((resolve) => this.#callback.close(resolve));
  }

  #settings({ phoneNumberId, wabaId, accessToken, appSecret, verifyToken }: Business) {
    return {
      phone_number_id: phoneNumberId,
      waba_id: wabaId,
      access_token: accessToken,
      app_secret: appSecret,
      verify_token: verifyToken,
      graph_url: this.simulator.url,
    };
  }
}

const own: AsyncDisposable[] = [];
afterEach(async () => {
  for (const each of own.splice(0).reverse()) await each[Symbol.asyncDispose]();
});

/** The first member's token is refused at the start. */
const withoutFirst = (two: TwoNumbers, code = 190): void => {
  const match = { endpoint: 'get_number', phoneNumberId: two.first.phoneNumberId };
  two.simulator.faults.add({ fault: { kind: 'error', code }, match });
};

describe('two numbers as members', { timeout: 30_000 }, () => {
  it('each hear what is written to them, fetch its media, and mark it as read', async () => {
    const two = await TwoNumbers.up();
    const { first, second, simulator, session } = two;
    const phone = simulator.phone(customer);
    for (const { phoneNumberId } of [first, second]) {
      phone.media(phoneNumberId, { kind: 'image', bytes: image, mimeType: 'image/png' });
      await two.received();
    }
    await expect.poll(async () => (await two.received()).length).toBe(2);
    const messages = await two.received();
    const media = messages.map((message) => message.media?.id ?? '');
    expect(media).toEqual([
      expect.stringMatching(/^meta_api:/),
      expect.stringMatching(/^meta_api_2:/),
    ]);
    for (const id of media) {
      const { data } = (await session.provider.mediaDownload?.download(id, signal)) ?? {};
      expect(new Uint8Array(data ?? [])).toEqual(image);
    }
    for (const { provider_message_id: id } of messages.toReversed()) {
      await session.provider.markRead?.markRead(customer, id, signal);
    }
    expect(two.reads).toEqual([second.phoneNumberId, first.phoneNumberId]);
  });

  it('show typing by the one that the chat wrote to, and reply from there', async () => {
    const two = await TwoNumbers.up();
    const id = two.simulator.phone(customer).text(two.second.phoneNumberId, 'hello');
    await expect.poll(async () => (await two.received()).length).toBe(1);
    await two.session.provider.typing?.setTyping(customer, 'typing', signal);
    await two.session.provider.markRead?.markRead(customer, undefined, signal);
    expect(two.reads).toEqual([two.second.phoneNumberId, two.second.phoneNumberId]);
    const reply = await two.send({ type: 'text', text: { body: 'yes?' }, reply_to: id });
    expect(reply).toMatchObject({ status: 'sent', provider: 'meta_api_2' });
    const other = await two.send({ type: 'text', text: { body: 'hello' } });
    expect(other).toMatchObject({ status: 'sent', provider: 'meta_api' });
  });

  it('are told only by payloads that their own app signed', async () => {
    const two = await TwoNumbers.up();
    await two.forge(two.second, two.first);
    await two.forge(two.first, two.second);
    expect(await two.received()).toEqual([]);
    const { intake } = two.gateway;
    const aside = await intake.unclaimed.list({ limit: 10 });
    expect(aside.map(({ error }) => error.code)).toEqual(['not_found', 'not_found']);
    // Nor are they given to the number later, when what is unclaimed is looked through.
    await intake.resume();
    expect(await intake.unclaimed.list({ limit: 10 })).toHaveLength(2);
    await two.forge(two.second, two.second);
    await expect.poll(async () => (await two.received()).length).toBe(1);
  });

  it('have uploads named after the one that took them, which sends them', async () => {
    const two = await TwoNumbers.up(['failed', 'ready'], (made) => withoutFirst(made));
    const upload = { data: image, mimeType: 'image/png' };
    const { mediaUpload } = two.session.provider;
    const taken = await mediaUpload?.upload(upload, signal);
    expect(taken?.id).toMatch(/^meta_api_2:/);
    const sent = await two.send({ type: 'image', image: { id: taken?.id } });
    expect(sent).toMatchObject({ status: 'sent', provider: 'meta_api_2' });
  });

  it('take no upload in place of one that is barred: what is sent by it would go around the bar', async () => {
    const two = await TwoNumbers.up(['failed', 'ready'], (made) => withoutFirst(made, 368));
    const { provider } = two.session;
    const upload = { data: image, mimeType: 'image/png' };
    await expect(provider.mediaUpload?.upload(upload, signal)).rejects.toMatchObject({
      code: 'not_ready',
      details: { member: 'meta_api', class: 'policy_block' },
    });
    // Whoever names a member means it.
    const named = await provider.member?.('meta_api_2')?.mediaUpload?.upload(upload, signal);
    expect(named?.id).toMatch(/^meta_api_2:/);
  });

  it('are registered one by one, also before they are ready: the first unless another is named', async () => {
    const two = await TwoNumbers.up(['failed', 'ready'], (made) => {
      withoutFirst(made);
      made.simulator.changeNumber(made.first.phoneNumberId, { registered: false });
    });
    const { session } = two;
    const isRegistered = () =>
      [two.first, two.second].map(
        ({ phoneNumberId }) => two.simulator.number(phoneNumberId).registered,
      );
    await session.provider.registration?.register({ pin: '123456' }, signal);
    expect(isRegistered()).toEqual([true, true]);
    const second = session.provider.member?.('meta_api_2');
    const taken = await second?.mediaUpload?.upload({ data: image, mimeType: 'image/png' }, signal);
    expect(taken?.id).toMatch(/^meta_api_2:/);
    await second?.registration?.deregister(signal);
    expect(isRegistered()).toEqual([true, false]);
    // Nobody is ready any more: the session ended, and each number is there all the same.
    await expect.poll(() => session.state).toBe('failed');
    const other = session.provider.member?.('meta_api_2')?.registration;
    await other?.updateProfile({ about: 'The second' }, signal);
    expect(await other?.profile(signal)).toMatchObject({ about: 'The second' });
    const first = session.provider.registration;
    expect(await first?.profile(signal)).not.toMatchObject({ about: 'The second' });
    expect(session.provider.member?.('sms')).toBeUndefined();
  });
});
