import { GatewayError } from '@blazz/core';
import type { Library } from './library-types';
import { loadOptional } from './load-optional';

/**
 * Loads whatsapp-web.js, an optional peer, when the first session starts: who uses another provider
 * does not pay for it.
 * @throws GatewayError `start_failed` when it is not installed, or breaks while it loads
 */
export function loadLibrary(load: () => Library | undefined = fromPackages): Library {
  let library: Library | undefined;
  try {
    library = load();
  } catch (cause) {
    throw new GatewayError(
      'start_failed',
      'whatsapp-web.js is installed but could not be loaded; reinstall it ("npm install whatsapp-web.js@1.34.7").',
      { cause, retryable: false },
    );
  }
  if (library !== undefined) return library;
  throw new GatewayError(
    'start_failed',
    'The provider web_js needs whatsapp-web.js, which is not installed; run "npm install whatsapp-web.js@1.34.7".',
    { retryable: false },
  );
}

function fromPackages(): Library | undefined {
  return loadOptional<Library>('whatsapp-web.js');
}
