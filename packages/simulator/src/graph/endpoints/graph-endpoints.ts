import { accountEndpoints } from './accounts';
import { blockingEndpoints } from './blocking';
import { historyEndpoints } from './history';
import { mediaEndpoints } from './media';
import { messageEndpoints } from './messages';
import { numberEndpoints } from './numbers';
import { registrationEndpoints } from './registration';
import type { GraphEndpoint } from './route';
import { subscriptionEndpoints } from './subscriptions';
import { templateEditingEndpoints } from './template-editing';
import { templateEndpoints } from './templates';

/** Every endpoint, in the order of the documentation. */
export const graphEndpoints: readonly GraphEndpoint[] = [
  ...messageEndpoints,
  ...mediaEndpoints,
  ...templateEndpoints,
  ...templateEditingEndpoints,
  ...registrationEndpoints,
  ...numberEndpoints,
  ...accountEndpoints,
  ...subscriptionEndpoints,
  ...blockingEndpoints,
  ...historyEndpoints,
];
