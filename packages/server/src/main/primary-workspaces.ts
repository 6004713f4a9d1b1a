import {
  type Clock,
  GatewayError,
  type Logger,
  parseWorkspaceConfig,
  type WorkspaceConfig,
  type WorkspaceSource,
} from '@blazz/core';
import { Signer, type SignerOptions } from '@blazz/core/signing';

/** What it takes to ask the primary application. */
export interface PrimaryOptions {
  /** Its address, such as `http://localhost:8000`. */
  readonly url: string;
  /** The key that requests are signed with; the application knows it too. */
  readonly key: Pick<SignerOptions, 'keyId' | 'secret'>;
  /** The bearer token that is sent as well, for applications that cannot verify signatures. */
  readonly token: string | undefined;
  /** Time. */
  readonly clock: Clock;
  /** Log lines. */
  readonly logger: Logger;
}

/** How long an answer counts, in milliseconds: every send asks for its workspace. */
const FRESH_MS = 30_000;
/** How long the application may take, in milliseconds. */
const TIMEOUT_MS = 5_000;
/** How many workspaces are remembered; the one asked for first goes first. */
const MAX_KNOWN = 10_000;
/** The longest answer, in characters. */
const MAX_LENGTH = 256 * 1024;

/**
 * Workspaces that the primary application configures, asked for as they are needed:
 * `GET {url}/api/internal/workspace/{id}/config`. While it cannot be reached, what it said last holds.
 */
export function primaryWorkspaces(options: PrimaryOptions): WorkspaceSource {
  const { clock, logger } = options;
  const known = new Map<
    string,
    { readonly at: number; readonly config: WorkspaceConfig | undefined }
  >();
  const asking = new Map<string, Promise<WorkspaceConfig | undefined>>();
  const askOnce = (workspaceId: string): Promise<WorkspaceConfig | undefined> => {
    const under = asking.get(workspaceId);
    if (under !== undefined) return under;
    const answer = ask(options, workspaceId).finally(() => asking.delete(workspaceId));
    asking.set(workspaceId, answer);
    return answer;
  };
  return {
    async get(workspaceId) {
      const last = known.get(workspaceId);
      if (last !== undefined && clock.monotonic() - last.at < FRESH_MS) return last.config;
      try {
        const config = await askOnce(workspaceId);
        known.delete(workspaceId);
        known.set(workspaceId, { at: clock.monotonic(), config });
        const [oldest] = known.keys();
        if (known.size > MAX_KNOWN && oldest !== undefined) known.delete(oldest);
        return config;
      } catch (error) {
        logger.warn('the primary application could not be asked', {
          error,
          workspace_id: workspaceId,
        });
        if (last !== undefined) return last.config;
        throw new GatewayError(
          'store_unavailable',
          'The primary application, which configures this workspace, could not be asked. Try again.',
          { cause: error },
        );
      }
    },
    // The application is asked for one workspace at a time: those that were are known.
    list: async () =>
      [...known.values()].flatMap(({ config }) => (config === undefined ? [] : [config])),
  };
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
  if (response.status === 404) return undefined;
  const text = await response.text();
  if (!response.ok || text.length > MAX_LENGTH) {
    throw new GatewayError('bad_response', `The primary application answered ${response.status}.`);
  }
  const answer = Object(JSON.parse(text)) as Record<string, unknown>;
  // Laravel's resources come in a `data` field.
  const config = 'data' in answer ? answer.data : answer;
  return parseWorkspaceConfig({ ...Object(config), workspace_id: workspaceId });
}
