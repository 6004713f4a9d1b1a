import { buildConnector } from 'undici';
import type { HttpProviderOptions } from './http-provider';

/** A connector whose first connection after the upstream is armed never stands, where that is the fault. */
export function neverConnects({
  upstream,
  moment,
  fault,
}: HttpProviderOptions): buildConnector.connector {
  const connector = buildConnector({ timeout: 100 });
  return (target, done) => {
    if (moment !== 'before_connect' || !upstream.isFaulty) return connector(target, done);
    upstream.strike();
    // Nobody listens on port 1.
    if (fault !== 'timeout') return connector({ ...target, port: '1' }, done);
    const error = Object.assign(new Error('timeout'), { code: 'UND_ERR_CONNECT_TIMEOUT' });
    setTimeout(() => done(error, null), 100);
  };
}
