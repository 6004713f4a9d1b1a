import { abilityRoutes } from './ability-routes';
import type { RouteContext } from './context';
import { eventRoutes } from './event-routes';
import { healthRoutes } from './health-routes';
import { intakeRoutes } from './intake-routes';
import { messageRoutes } from './message-routes';
import { numberRoutes } from './number-routes';
import { providerRoutes } from './provider-routes';
import type { Route } from './route';
import { sendRoutes } from './send-routes';
import { sessionRoutes } from './session-routes';
import { templateRoutes } from './template-routes';
import { unclaimedRoutes } from './unclaimed-routes';
import { webhookRoutes } from './webhook-routes';
import { workspaceRoutes } from './workspace-routes';

/** Every route of the server, in the order of the documentation. */
export function routeTable(context: RouteContext): readonly Route[] {
  return [
    ...sendRoutes(context),
    ...abilityRoutes(context),
    ...templateRoutes(context),
    ...numberRoutes(context),
    ...sessionRoutes(context),
    ...messageRoutes(context),
    ...eventRoutes(context),
    ...workspaceRoutes(context),
    ...providerRoutes(context),
    ...intakeRoutes(context),
    ...unclaimedRoutes(context),
    ...webhookRoutes(context),
    ...healthRoutes(context),
  ];
}
