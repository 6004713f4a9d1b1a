import type { Observer, ProviderFactory } from '@blazz/core';
import { fallbackProvider } from '@blazz/providers/fallback';
import { metaProvider } from '@blazz/providers/meta';
import { webjsProvider } from '@blazz/providers/webjs';
import type { Configuration } from '../config/configuration';

/** What the providers of an instance are made of. */
export interface ProviderParts {
  /** The configuration. */
  readonly configuration: Configuration;
  /** Where the profiles of browsers are. */
  readonly sessionsDir: string;
  /** Command line arguments for every Chromium. */
  readonly browserArgs: readonly string[];
  /** Metrics. */
  readonly observer: Observer;
}

/** Every way to reach WhatsApp: each by itself, and all of them as members of a fallback. */
export function makeProviders(parts: ProviderParts): readonly ProviderFactory[] {
  const { configuration, sessionsDir, browserArgs, observer } = parts;
  const { chromePath, sessionMemoryMb, mediaAllow, browserSandbox } = configuration;
  const allow = mediaAllow === undefined ? {} : { mediaAllow };
  const web = webjsProvider({
    sessionsDir,
    headless: configuration.webJsHeadless,
    // A store of this machine's alone proves nothing about other machines.
    leaseHeld: configuration.takeProfiles,
    ...(chromePath === undefined ? {} : { browserPath: chromePath }),
    ...(sessionMemoryMb === undefined ? {} : { maxBrowserBytes: sessionMemoryMb * 1_000_000 }),
    ...(browserSandbox === undefined ? {} : { noSandbox: !browserSandbox }),
    ...allow,
    extraBrowserArgs: browserArgs,
  });
  const cloud = metaProvider({ graphVersion: configuration.metaApiVersion, observer, ...allow });
  const members = [web, cloud] as readonly ProviderFactory[];
  return [...members, fallbackProvider({ members }) as ProviderFactory];
}
