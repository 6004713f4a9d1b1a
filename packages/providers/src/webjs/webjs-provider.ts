import type { ProviderFactory } from '@blazz/core';
import { type FoundBrowser, findBrowser, isExecutable } from './browser/find-browser';
import { RejectionGuard } from './containment/rejection-guard';
import type { Library } from './library/library-types';
import { loadLibrary } from './library/load-library';
import { resolveOptions, type WebjsOptions } from './options';
import { isLinked } from './profile/link-file';
import { profilePaths } from './profile/profile-paths';
import { WebjsSession } from './session/webjs-session';
import { parseSettings, type WebjsSettings } from './settings';

/**
 * WhatsApp Web in a real Chromium, driven by whatsapp-web.js: providers of type `web_js`. Both are
 * needed only once a session starts. One factory serves any number of workspaces and sessions.
 * @throws GatewayError `invalid_config` when an option is missing or wrong
 */
export function webjsProvider(options: WebjsOptions): ProviderFactory<WebjsSettings> {
  const resolved = resolveOptions(options);
  const guard = new RejectionGuard();
  let library: Library | undefined;
  let browser: Promise<FoundBrowser> | undefined;
  let announced = false;
  const shared = {
    options: resolved,
    guard,
    library: (): Library => {
      library ??= loadLibrary();
      return library;
    },
    browser: async (): Promise<FoundBrowser> => {
      // Whoever installs one after a failure, or moves it, need not start the gateway anew.
      const found = await browser?.catch(() => undefined);
      if (found !== undefined && (await isExecutable(found.path))) return found;
      browser = findBrowser({ configured: resolved.browserPath });
      return browser;
    },
  };
  return {
    type: 'web_js',
    parse: parseSettings,
    linked: async (workspaceId, sessionId) =>
      isLinked(profilePaths(resolved.sessionsDir, workspaceId, sessionId)),
    ownsId: (id) => /^(true|false)_/.test(id),
    create: (context) => {
      if (resolved.noSandbox && !announced) {
        announced = true;
        context.logger.warn(
          'browsers run without their sandbox: the process is root, or noSandbox is set',
        );
      }
      return new WebjsSession(context, shared);
    },
  };
}
