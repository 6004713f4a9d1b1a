import { STATUS_CODES } from 'node:http';

/** An answer before it is sent. */
export interface RawAnswer {
  /** The HTTP status. */
  readonly status: number;
  /** The headers besides the body's. */
  readonly headers: Readonly<Record<string, string>>;
  /** The body's type. */
  readonly contentType: string;
  /** The body. */
  readonly body: Buffer;
  /** The code of the Graph error in it. */
  readonly code?: number;
}

/** An answer of JSON. */
export function jsonAnswer(
  status: number,
  value: object,
  extra: { readonly headers?: Readonly<Record<string, string>>; readonly code?: number } = {},
): RawAnswer {
  return {
    status,
    headers: extra.headers ?? {},
    contentType: 'application/json; charset=UTF-8',
    body: Buffer.from(JSON.stringify(value)),
    ...(extra.code === undefined ? {} : { code: extra.code }),
  };
}

/** Every byte of an answer, as it goes over the wire. */
export function bytesOf({ status, headers, contentType, body }: RawAnswer): Buffer {
  const lines = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Unknown'}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    `content-type: ${contentType}`,
    `content-length: ${body.byteLength}`,
  ];
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), body]);
}
