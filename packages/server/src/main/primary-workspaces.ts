import {
  type Clock,
  GatewayError,
  type Logger,
  parseWorkspaceConfig,
  type WorkspaceConfig,
  type WorkspaceSource,
} from '@blazz/core';
import { Signer, type SignerOptions } from '@blazz/core/signing';
import { AskedWorkspaces, type AskedWorkspacesOptions } from './asked-workspaces';

/** What it takes to ask the primary application. */
export interface PrimaryOptions {
  /** Its address, such as `http://localhost:8000`. */
  readonly url: string;
  /** The key that requests are signed with; the application knows it too. */
  readonly key: Pick<SignerOptions, 'keyId' | 'secret'>;
  /** The bearer token that is sent as well, for applications that cannot verify signatures. */
  readonly token: string | undefined;
  /** Where what it said last outlives the process. */
  readonly copies: AskedWorkspacesOptions['copies'];
  /** Throws when a workspace cannot run as it is configured: such an answer is none, and the last one holds. */
  readonly check: (config: WorkspaceConfig) => void;
  /** Time. */
  readonly clock: Clock;
  /** Chance, 0 up to 1. */
  readonly random: () => number;
  /** Log lines. */
  readonly logger: Logger;
}

/** How long the application may take, in milliseconds. */
const TIMEOUT_MS = 5_000;
/** The longest answer, in bytes. */
const MAX_BYTES = 256 * 1024;

/**
 * Workspaces that the primary application configures, asked for as they are needed:
 * `GET {url}/api/internal/workspace/{id}/config`. What it said last holds meanwhile, and while it
 * cannot be reached, over restarts too. Of what has changed there, those who watch are told.
 */
export function primaryWorkspaces(options: PrimaryOptions): WorkspaceSource {
  return new AskedWorkspaces({ ...options, ask: (workspaceId) => ask(options, workspaceId) });
}

async function ask(
  options: PrimaryOptions,
  workspaceId: string,
): Promise<WorkspaceConfig | undefined> {
  const url = new URL(`${options.url}/api/internal/workspace/${workspaceId}/config`);
  const signer = new Signer({ ...options.key, clock: options.clock });
  const target = { method: 'GET', authority: url.host, rawTarget: url.pathname };
  const response = await fetch(url, {
    redirect: 'error',
    signal: AbortSignal.timeout(TIMEOUT_MS),
    headers: {
      accept: 'application/json',
      ...signer.sign(target),
      ...(options.token === undefined ? {} : { authorization: `Bearer ${options.token}` }),
    },
  });
  if (!response.ok) {
    await response.body?.cancel();
    if (response.status === 404) return undefined;
    throw new GatewayError('bad_response', `The primary application answered ${response.status}.`);
  }
  const parsed = read(await textOf(response), workspaceId);
  options.check(parsed);
  return parsed;
}

/** The body of an answer. One that is too long is not read to its end: it may have none. */
async function textOf({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > MAX_BYTES) {
      const why = `The primary application answered more than ${MAX_BYTES} bytes.`;
      throw new GatewayError('bad_response', why);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

/** @throws GatewayError when it is no workspace: whoever says so is there all the same */
function read(text: string, workspaceId: string): WorkspaceConfig {
  let answer: Record<string, unknown>;
  try {
    answer = Object(JSON.parse(text)) as Record<string, unknown>;
  } catch (cause) {
    throw new GatewayError('bad_response', 'The primary application did not answer in JSON.', {
      cause,
    });
  }
  // Laravel's resources come in a `data` field.
  const config = 'data' in answer ? answer.data : answer;
  return parseWorkspaceConfig({ ...Object(config), workspace_id: workspaceId });
}
