import { createHash } from 'node:crypto';
import { type DownloadedMedia, GatewayError, type MediaDownload, withDeadline } from '@blazz/core';
import { type Dispatcher, request } from 'undici';
import { asNumber, asRaw, asText } from '../../json/raw';
import { ruleOf } from '../errors/classify';
import { unwrap } from '../errors/unwrap';
import { readBody } from '../graph/read-body';
import type { MetaScope } from '../session/meta-scope';

/** Where a file is, and what it should be. */
interface Located {
  readonly url: URL;
  readonly mimeType: string;
  readonly sha256: string | undefined;
}

/** Fetches files that people sent: asks Meta where one is, then gets it from there. */
export class Downloader implements MediaDownload {
  readonly #scope: MetaScope;
  readonly #connect: <T>(use: (dispatcher: Dispatcher) => Promise<T>) => Promise<T>;

  /**
   * @param scope what the parts of the session share
   * @param connect lends connections
   */
  constructor(
    scope: MetaScope,
    connect: <T>(use: (dispatcher: Dispatcher) => Promise<T>) => Promise<T>,
  ) {
    this.#scope = scope;
    this.#connect = connect;
  }

  /** {@inheritDoc MediaDownload.download} */
  download(mediaId: string, signal: AbortSignal): Promise<DownloadedMedia> {
    const { clock, options } = this.#scope;
    return withDeadline((until) => this.#download(mediaId, until), {
      clock,
      ms: options.deadlines.downloadMs,
      signal,
      onTimeout: () =>
        new GatewayError('timeout', 'The media could not be fetched in time; try again.'),
    });
  }

  async #download(mediaId: string, signal: AbortSignal): Promise<DownloadedMedia> {
    if (!/^[A-Za-z0-9_-]{1,256}$/.test(mediaId)) throw gone("The media id is none of Meta's");
    const first = await this.#fetch(await this.#locate(mediaId, signal), signal);
    if (first !== undefined) return first;
    // An address lives five minutes: a new one is asked for once.
    const second = await this.#fetch(await this.#locate(mediaId, signal), signal);
    if (second !== undefined) return second;
    throw gone('Meta no longer has the media; it keeps what people send for 7 days');
  }

  async #locate(mediaId: string, signal: AbortSignal): Promise<Located> {
    const { settings, options } = this.#scope;
    const reply = await this.#scope.call({
      method: 'GET',
      path: `/${mediaId}`,
      query: { phone_number_id: settings.phone_number_id },
      signal,
    });
    if (reply.kind === 'refusal' && ruleOf(reply.facts).class === 'content') {
      throw gone('Meta does not have this media, or not for this number');
    }
    const json = unwrap(reply);
    const text = asText(json.url) ?? '';
    const url = URL.canParse(text) ? new URL(text) : undefined;
    const isSafe = url?.protocol === 'https:' || url?.origin === settings.graph_url;
    // The token goes along with the request: never over plain HTTP, except to a simulator.
    if (url === undefined || !isSafe) throw gone('Meta named no usable address for the media');
    if (Number(asText(json.file_size) ?? asNumber(json.file_size)) > options.maxMediaBytes)
      throw this.#tooLarge();
    return { url, mimeType: asText(json.mime_type) ?? '', sha256: asText(json.sha256) };
  }

  /** The file; undefined when the address does not work any more. */
  async #fetch(located: Located, signal: AbortSignal): Promise<DownloadedMedia | undefined> {
    const { settings, options } = this.#scope;
    try {
      return await this.#connect(async (dispatcher) => {
        const { statusCode, headers, body } = await request(located.url, {
          dispatcher,
          signal,
          headers: { authorization: `Bearer ${settings.access_token}` },
        });
        if (statusCode !== 200) {
          body.on('error', () => undefined).destroy();
          if (statusCode === 404 || statusCode === 403 || statusCode === 410) return undefined;
          throw gone(`Meta answered ${statusCode} for the media`, statusCode >= 500);
        }
        const data = await readBody(body, options.maxMediaBytes);
        if (data === undefined) throw this.#tooLarge();
        assertWhole(data, located.sha256);
        const type = asText(asRaw(headers)['content-type']);
        return { data, mimeType: located.mimeType || type || 'application/octet-stream' };
      });
    } catch (cause) {
      if (cause instanceof GatewayError) throw cause;
      throw gone('The media broke off while it was fetched', true, cause);
    }
  }

  #tooLarge(): GatewayError {
    return gone(
      `The media is larger than the ${this.#scope.options.maxMediaBytes} bytes that this gateway fetches`,
    );
  }
}

/** Meta writes the digest as hex in answers and as base64 in webhooks. */
function assertWhole(data: Uint8Array, sha256: string | undefined): void {
  const said = /^[0-9a-f]{64}$/i.test(sha256 ?? '')
    ? Buffer.from(sha256 ?? '', 'hex')
    : Buffer.from(sha256 ?? '', 'base64');
  if (said.byteLength !== 32) return;
  if (!createHash('sha256').update(data).digest().equals(said))
    throw gone("The media is not what Meta's digest says", true);
}

function gone(what: string, retryable = false, cause?: unknown): GatewayError {
  const advice = retryable ? 'try again' : 'ask for it again';
  return new GatewayError('media_unavailable', `${what}; ${advice}.`, { retryable, cause });
}
