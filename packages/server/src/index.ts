/**
 * The reference instance as a library: an HTTP and WebSocket server over a gateway.
 * @packageDocumentation
 */

export type { BearerOptions } from './http/bearer';
export type { Caller } from './http/caller';
export { type Scope, scopeMeanings, scopes } from './http/scope';
export { ServerMetrics } from './metrics/server-metrics';
export { type WebhookHandler, webhookHandler } from './mount/webhook-handler';
export type { Answer, Call, Grant, Route, WorkspaceFrom } from './routes/route';
export { createServer, type GatewayServer, type ServerOptions } from './server';
export { defaultStreamLimits, type StreamLimits } from './stream/limits';
export { type UndiciTransportOptions, undiciTransport } from './webhooks/undici-transport';
