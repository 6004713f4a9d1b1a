import { createServer, type RequestListener } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { mediaFetcher } from '../../src/media/fetch-media';

const signal = AbortSignal.timeout(20_000);
const unavailable = { code: 'media_unavailable' };

describe('fetchMedia', () => {
  const closers: (() => void)[] = [];
  let port = 0;
  afterEach(() => {
    for (const close of closers.splice(0)) close();
  });

  /** A server behind an https address: the scheme is what is checked, TLS is not what is tried. */
  async function serve(listener: RequestListener): Promise<string> {
    const server = createServer(listener).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    closers.push(() => server.close());
    port = (server.address() as AddressInfo).port;
    return 'https://files.test/a';
  }

  function fetchMedia(link: string, signal: AbortSignal, maxBytes: number) {
    const fetch = mediaFetcher({
      maxBytes,
      allow: ['files.test'],
      resolve: async () => ['127.0.0.1'],
      connect: ({ hostname }, done) => {
        const socket = connect(port, hostname);
        socket.once('connect', () => done(null, socket));
        socket.once('error', (error) => done(error, null));
      },
    });
    return fetch(link, signal);
  }

  it('reads data: links', async () => {
    const png = await fetchMedia('data:image/png;base64,AQID', signal, 10);
    expect(png).toEqual({ data: Buffer.from([1, 2, 3]), mimeType: 'image/png' });
    const text = await fetchMedia('data:text/plain;charset=utf-8,a%20b', signal, 10);
    expect(text.data.toString()).toBe('a b');
  });

  it('reads data: links as they are written elsewhere: escapes, capitals, bytes that are no text', async () => {
    const bytes = Buffer.from([0xfb, 0xef, 0xff, 0x00]);
    for (const link of [
      `data:image/png;base64,${bytes.toString('base64')}`,
      `data:image/png;base64,${encodeURIComponent(bytes.toString('base64'))}`,
      `data:image/png;base64,${bytes.toString('base64url')}`,
      `DATA:image/png;BASE64, ${bytes.toString('base64')}\n`,
      'data:image/png,%fb%EF%ff%00',
    ]) {
      expect((await fetchMedia(link, signal, 10)).data).toEqual(bytes);
    }
  });

  it.each(['data:image/png;base64,AQ*D', 'data:image/png;base64,AQIDA', 'data:image/png,%f'])(
    'does not send half of what is broken: %s',
    (link) => expect(fetchMedia(link, signal, 10)).rejects.toMatchObject(unavailable),
  );

  it.each(['data:nothing', 'data:text/plain,%zz'])('refuses %s', (link) =>
    expect(fetchMedia(link, signal, 10)).rejects.toMatchObject(unavailable),
  );

  it.each(['http://other.test/a', 'file:///etc/passwd', 'https://a:b@files.test/', ''])(
    'refuses the address %s',
    (link) =>
      expect(fetchMedia(link, signal, 10)).rejects.toMatchObject({ code: 'address_refused' }),
  );

  it('reads https links', async () => {
    const link = await serve((_, response) => {
      response.writeHead(200, { 'content-type': 'image/png; x=1' }).end(Buffer.from([1, 2, 3]));
    });
    expect(await fetchMedia(link, signal, 10)).toEqual({
      data: Buffer.from([1, 2, 3]),
      mimeType: 'image/png',
    });
  });

  it('is bounded, whatever the server says about the length', async () => {
    expect.assertions(2);
    await expect(
      fetchMedia('data:image/png;base64,AQIDBAUGBwgJCgsM', signal, 10),
    ).rejects.toMatchObject(unavailable);
    const link = await serve((_, response) => {
      for (let i = 0; i < 20; i++) response.write(Buffer.alloc(1_000));
      response.end();
    });
    await expect(fetchMedia(link, signal, 5_000)).rejects.toMatchObject(unavailable);
  });

  it.each([
    [404, false],
    [410, false],
    [429, true],
    [500, true],
  ])('answers %i with another try: %s', async (status, retryable) => {
    const link = await serve((_, response) => void response.writeHead(status).end());
    await expect(fetchMedia(link, signal, 10)).rejects.toMatchObject({ ...unavailable, retryable });
  });

  it('follows no redirect', async () => {
    const link = await serve(
      (_, response) => void response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(),
    );
    await expect(fetchMedia(link, signal, 10)).rejects.toMatchObject(unavailable);
  });

  it('keeps an address and its secrets out of the error', async () => {
    const link = await serve((_, response) => void response.writeHead(500).end());
    const error: Error = await fetchMedia(`${link}?token=secret`, signal, 10).then(
      () => new Error('no error'),
      (thrown) => thrown,
    );
    expect(JSON.stringify(error)).not.toContain('secret');
  });
});
