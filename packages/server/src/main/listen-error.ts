import { GatewayError } from '@blazz/core';

/** Says what to do about a port or address that cannot be had. */
export function listenError(error: unknown, host: string, port: number): unknown {
  const { code } = Object(error) as { code?: unknown };
  const why = typeof code === 'string' ? fixes[code] : undefined;
  if (why === undefined) return error;
  return new GatewayError('invalid_config', `Cannot listen on ${host}:${port}: ${why}`, {
    cause: error,
  });
}

const fixes: Readonly<Record<string, string>> = {
  EADDRINUSE:
    'another program does. Stop it, choose another port (PORT=3002), or let the system choose (PORT=0).',
  EACCES: 'ports below 1024 need a privilege. Choose a higher one, such as PORT=3001.',
  EADDRNOTAVAIL: 'this machine does not have the address. Set HOST=127.0.0.1, or 0.0.0.0 for all.',
  ENOTFOUND: 'the name in HOST cannot be resolved. Set HOST=127.0.0.1, or 0.0.0.0 for all.',
};
