/**
 * Meta's Cloud API: providers of type `meta_api`, their webhooks, and the table of Graph's errors.
 * @packageDocumentation
 */

// Media of links
export {
  type FetchedMedia,
  type FetchMedia,
  type MediaFetcherOptions,
  mediaFetcher,
} from '../media/fetch-media';
// The table of errors
export type { ErrorClass, GraphRule, RetryRule } from './errors/error-class';
export { graphCodes } from './errors/graph-codes';
// The provider
export { metaProvider } from './meta-provider';
export type { MetaDeadlines, MetaOptions } from './options';
export type { MetaSettings, Throughput } from './settings';
