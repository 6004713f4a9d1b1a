import type { IncomingMessage } from 'node:http';
import { GraphError } from '../errors/graph-error';
import type { JsonObject } from '../messages/parse-message';
import type { UploadedFile } from './graph-request';

/** The largest body, in bytes: the largest document and its form. */
const maxBytes = 101 * 1024 * 1024;

/** A body as it was sent. */
export interface ParsedBody {
  /** The JSON object, or the fields of a form. */
  readonly body: JsonObject;
  /** The files of a form. */
  readonly files: ReadonlyMap<string, UploadedFile>;
}

/** Nothing was sent. */
export const emptyBody: ParsedBody = { body: {}, files: new Map() };

/**
 * Reads a request's bytes.
 * @param stopAt how many are read at most; the rest stays where it is
 */
export async function readBytes(
  request: IncomingMessage,
  stopAt: number = Number.POSITIVE_INFINITY,
): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    chunks.push(chunk as Buffer);
    size += (chunk as Buffer).byteLength;
    if (size > maxBytes) {
      throw new GraphError(100, { status: 413, details: 'The request is too large.' });
    }
    if (size >= stopAt) break;
  }
  return Buffer.concat(chunks);
}

/** Understands a body by its content type. @throws GraphError 100 */
export async function parseBody(bytes: Buffer, contentType: string): Promise<ParsedBody> {
  if (bytes.byteLength === 0) return emptyBody;
  if (contentType.startsWith('multipart/form-data')) return parseForm(bytes, contentType);
  const text = bytes.toString('utf8');
  if (contentType.startsWith('application/x-www-form-urlencoded')) {
    return { body: Object.fromEntries(new URLSearchParams(text)), files: new Map() };
  }
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body === 'object' && body !== null && !Array.isArray(body)) {
      return { body: body as JsonObject, files: new Map() };
    }
  } catch {
    // Told below, together with everything else that is no object.
  }
  throw new GraphError(100, { details: 'The body is no JSON object.' });
}

async function parseForm(bytes: Buffer, contentType: string): Promise<ParsedBody> {
  const body: Record<string, string> = {};
  const files = new Map<string, UploadedFile>();
  const headers = { 'content-type': contentType };
  const form = await new Response(bytes as Uint8Array<ArrayBuffer>, { headers })
    .formData()
    .catch(() => {
      throw new GraphError(100, { details: 'The body is no multipart form.' });
    });
  for (const [name, value] of form.entries()) {
    if (typeof value === 'string') body[name] = value;
    else {
      files.set(name, {
        name: value.name,
        mimeType: value.type,
        bytes: Buffer.from(await value.arrayBuffer()),
      });
    }
  }
  return { body, files };
}
