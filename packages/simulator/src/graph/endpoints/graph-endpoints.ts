import { mediaEndpoints } from './media';
import { messageEndpoints } from './messages';
import type { GraphEndpoint } from './route';
import { templateEndpoints } from './templates';

/** Every endpoint, in the order of the documentation. */
export const graphEndpoints: readonly GraphEndpoint[] = [
  ...messageEndpoints,
  ...mediaEndpoints,
  ...templateEndpoints,
];
