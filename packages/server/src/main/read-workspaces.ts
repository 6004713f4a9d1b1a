import { readFile } from 'node:fs/promises';
import { GatewayError, isGatewayError, staticWorkspaces, type WorkspaceSource } from '@blazz/core';

/**
 * Reads the workspaces file: a JSON list of workspaces.
 * @throws GatewayError `invalid_config`, naming the file and the fix
 */
export async function readWorkspaces(path: string): Promise<WorkspaceSource> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw refused(path, `cannot be read (${error.code}); correct BLAZZ_WORKSPACES_FILE`, error);
  });
  let list: unknown;
  try {
    list = JSON.parse(text);
  } catch (error) {
    throw refused(path, 'is not JSON', error);
  }
  if (!Array.isArray(list)) {
    throw refused(path, 'must be a list: [{"workspace_id": "…", "provider_type": "web_js"}]');
  }
  try {
    return staticWorkspaces(list);
  } catch (error) {
    throw refused(path, `is wrong: ${isGatewayError(error) ? error.message : 'see below'}`, error);
  }
}

function refused(path: string, why: string, cause?: unknown): GatewayError {
  return new GatewayError('invalid_config', `The workspaces file ${path} ${why}.`, { cause });
}
