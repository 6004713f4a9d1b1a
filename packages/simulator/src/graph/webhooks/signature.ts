import { createHmac } from 'node:crypto';

/**
 * JSON as Meta sends it: everything beyond ASCII as `\u` with lower-case digits, slashes escaped. The
 * signature is over these bytes, so whoever parses and prints them again gets another one.
 */
export function escapedJson(value: unknown): string {
  return JSON.stringify(value)
    .replaceAll('/', '\\/')
    .replace(
      /[\u007f-\uffff]/g,
      (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`,
    );
}

/** The value of `X-Hub-Signature-256` of a body. */
export function signatureOf(body: string, secret: string): string {
  return `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
}
