/**
 * WhatsApp Web in a real Chromium: providers of type `web_js` over whatsapp-web.js.
 * @packageDocumentation
 */

// Media of links
export {
  type FetchedMedia,
  type FetchMedia,
  type MediaFetcherOptions,
  mediaFetcher,
} from '../media/fetch-media';
// The browser
export { type BrowserSearch, type FoundBrowser, findBrowser } from './browser/find-browser';
// The provider
export type { WebjsDeadlines, WebjsOptions } from './options';
export type { WebjsSettings } from './settings';
// Watchdog limits
export type { HealthLimits } from './watchdog/health-judge';
export type { WatchdogLimits } from './watchdog/watchdog';
export { webjsProvider } from './webjs-provider';
