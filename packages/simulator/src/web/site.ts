import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FaultBoard } from './faults';
import type { MediaVault } from './media/media-vault';
import { pageHtml, pageScript } from './page/page-script';
import type { PageSettings } from './wire';

/** The largest medium that can be uploaded, in bytes: 100 MiB. */
const maxUploadBytes = 100 * 1024 * 1024;

/** Cross-origin headers of the media hosts: the page lives on another one. */
const crossOrigin = {
  'access-control-allow-origin': 'https://web.whatsapp.com',
  'access-control-allow-methods': 'GET, HEAD, POST',
  'access-control-allow-headers': 'content-type',
};

/** Whose page asks, as its cookie says; null when it is nobody's yet. */
export function accountOfRequest(request: IncomingMessage): string | null {
  return /(?:^|;\s*)account=(\d+)/.exec(request.headers.cookie ?? '')?.[1] ?? null;
}

/** Answers for web.whatsapp.com and the media hosts. */
export class Site {
  readonly #settings: PageSettings;
  readonly #faults: FaultBoard;
  readonly #vault: MediaVault;

  /**
   * @param settings what is written into the page's script
   * @param faults what goes wrong
   * @param vault the media server's memory
   */
  constructor(settings: PageSettings, faults: FaultBoard, vault: MediaVault) {
    this.#settings = settings;
    this.#faults = faults;
    this.#vault = vault;
  }

  /** Answers one request. */
  handle(request: IncomingMessage, response: ServerResponse): void {
    const host = request.headers.host?.split(':')[0];
    const [path = '/'] = (request.url ?? '/').split('?');
    if (host === 'www.whatsapp.com') {
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
      response.end('<!doctype html><title>WhatsApp</title><p>Not the application.</p>');
    } else if (host !== 'web.whatsapp.com') {
      this.#media(request, response, path).catch(() => response.destroy());
    } else if (path === '/') this.#page(request, response);
    else if (path === '/app.js') {
      response.writeHead(200, { 'content-type': 'text/javascript; charset=utf-8' });
      response.end(pageScript(this.#settings));
    } else if (path !== '/never.png') response.writeHead(404).end();
  }

  #page(request: IncomingMessage, response: ServerResponse): void {
    const { page } = this.#faults.of(accountOfRequest(request));
    if (page === 'hang') return;
    if (page === 'reset') {
      request.socket.destroy();
      return;
    }
    if (page === 'status_503') {
      response.writeHead(503).end('Service unavailable');
      return;
    }
    response.writeHead(200, {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
    });
    if (page === 'blank') response.end('<!doctype html><title>WhatsApp</title>');
    else if (page === 'never_boot') response.end(pageHtml().replace('src="/app.js"', ''));
    else
      response.end(page === 'subresource_hang' ? pageHtml('<img src="/never.png">') : pageHtml());
  }

  async #media(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
    if (request.method === 'OPTIONS') {
      response.writeHead(204, crossOrigin).end();
      return;
    }
    const faults = this.#faults.of(accountOfRequest(request));
    const fault = request.method === 'POST' ? faults.upload : faults.download;
    if (fault === 'hang') return;
    if (fault === 'error') {
      response.writeHead(500, crossOrigin).end();
      return;
    }
    if (request.method === 'POST' && path === '/upload') {
      const bytes = await bodyOf(request);
      const mimetype = request.headers['content-type'] ?? 'application/octet-stream';
      const stored = await this.#vault.put(bytes, mimetype);
      response.writeHead(200, { ...crossOrigin, 'content-type': 'application/json' });
      response.end(JSON.stringify({ path: stored.path }));
      return;
    }
    const media = fault === 'missing' ? undefined : await this.#vault.get(path);
    if (!media) {
      response.writeHead(404, crossOrigin).end();
      return;
    }
    response.writeHead(200, {
      ...crossOrigin,
      'content-type': media.mimetype,
      'content-length': media.bytes.byteLength,
    });
    response.end(request.method === 'HEAD' ? undefined : media.bytes);
  }
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += (chunk as Buffer).byteLength;
    if (size > maxUploadBytes) throw new Error('The upload is larger than 100 MiB.');
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}
