import type { IncomingMessage } from 'node:http';

/** How many bytes a request has before its body: the request line, the headers, the empty line. */
export function requestHeadBytes(request: IncomingMessage): number {
  const line = `${request.method} ${request.url} HTTP/${request.httpVersion}\r\n`;
  let bytes = Buffer.byteLength(line) + 2;
  for (let i = 0; i < request.rawHeaders.length; i += 2) {
    bytes += Buffer.byteLength(
      `${request.rawHeaders[i]}: ${request.rawHeaders[i + 1]}\r\n`,
      'latin1',
    );
  }
  return bytes;
}
