import type { ServerResponse } from 'node:http';
import { GatewayError } from '@blazz/core';
import type { ControlServerOptions } from '../../control/control-http';
import { RoutedControls } from '../../control/routed-controls';
import type { WebSimulator } from '../web-simulator';
import { phonePage } from './phone-page/phone-page';
import { controlRoutes } from './routes';
import { streamedEvents } from './streamed-events';

/**
 * The controls of a {@link WebSimulator} over plain HTTP on 127.0.0.1, for other languages and for
 * people (the phone's page). Callers prove that they may with a token; the `Host` header must be
 * this machine's, so that no page of another site can reach it by a name of its own.
 */
export class ControlServer extends RoutedControls<WebSimulator> {
  /**
   * @param simulator what is controlled; its start and stop are its owner's
   * @param options port and token
   * @throws GatewayError `invalid_config` when the token is too short
   */
  constructor(simulator: WebSimulator, options: ControlServerOptions = {}) {
    super(simulator, options, {
      routes: controlRoutes,
      events: streamedEvents,
      open: showPhonePage,
      other: (pathname, response) => sendMedium(simulator, pathname, response),
    });
  }

  /** The address of the phone's page; the token is in its fragment, which no server ever sees. */
  get phoneUrl(): string {
    return `${this.url}/#${this.token}`;
  }
}

const mediaPath = '/api/media';

async function sendMedium(
  simulator: WebSimulator,
  pathname: string,
  response: ServerResponse,
): Promise<boolean> {
  if (!pathname.startsWith(`${mediaPath}/`)) return false;
  const media = await simulator.media(pathname.slice(mediaPath.length));
  if (!media) throw new GatewayError('not_found', 'No such medium.');
  // Never a page of ours: what was uploaded must not run under this origin.
  response.writeHead(200, {
    'content-type': media.mimetype,
    'content-disposition': 'attachment',
    'x-content-type-options': 'nosniff',
  });
  response.end(media.bytes);
  return true;
}

function showPhonePage(pathname: string, response: ServerResponse): boolean {
  if (pathname !== '/') return false;
  const { html, policy } = phonePage();
  response.writeHead(200, {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': policy,
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  });
  response.end(html);
  return true;
}
