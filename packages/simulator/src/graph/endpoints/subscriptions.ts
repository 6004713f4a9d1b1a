import { GraphError } from '../errors/graph-error';
import { check } from '../schemas/check';
import { subscribeSchema } from '../schemas/number-requests';
import { handshake } from '../webhooks/handshake';
import type { GraphApp } from '../world/app';
import { endpointsOf, type GraphEndpoint, type GraphServices } from './route';

const onAccount = endpointsOf('account', 'whatsapp_business_management');
const onApp = endpointsOf('app', 'whatsapp_business_management');

async function prove(services: GraphServices, url: string, verifyToken: string): Promise<void> {
  const { callbacks, context } = services;
  const wrong = await handshake(callbacks, context.ids, url, verifyToken);
  if (wrong === undefined) return;
  throw new GraphError(2200, { message: `(#2200) Callback verification failed: ${wrong}` });
}

const showApp = ({ id, name }: GraphApp): object => ({
  whatsapp_business_api_data: { id, name, link: `https://www.facebook.com/games/?app_id=${id}` },
});

/** Who hears the webhooks of an account, and where an app hears them. */
export const subscriptionEndpoints: readonly GraphEndpoint[] = [
  onAccount('list_subscriptions', 'GET', 'subscribed_apps', ({ node, services }) => {
    const { apps } = services.context.world;
    const data = [...node.subscriptions.values()].flatMap(({ appId, overrideUrl }) => {
      const app = apps.get(appId);
      if (!app) return [];
      const override = overrideUrl === undefined ? {} : { override_callback_uri: overrideUrl };
      return [{ ...showApp(app), ...override }];
    });
    return { data };
  }),
  onAccount('subscribe', 'POST', 'subscribed_apps', async ({ node, request, services }) => {
    check(subscribeSchema, request.body);
    const { override_callback_uri: url, verify_token: given } = request.body as {
      override_callback_uri?: string;
      verify_token?: string;
    };
    const { appId } = request.token;
    const app = services.context.world.apps.get(appId);
    if (url === undefined || !app) {
      node.subscriptions.set(appId, { appId });
      return { success: true };
    }
    await prove(services, url, given ?? app.verifyToken);
    node.subscriptions.set(appId, { appId, overrideUrl: url });
    return { success: true, data: [{ ...showApp(app), override_callback_uri: url }] };
  }),
  onAccount('unsubscribe', 'DELETE', 'subscribed_apps', ({ node, request }) => {
    node.subscriptions.delete(request.token.appId);
    return { success: true };
  }),
  onApp('set_callback', 'POST', 'subscriptions', async ({ node, request, services }) => {
    const asked = { ...Object.fromEntries(request.query), ...request.body } as {
      object?: string;
      callback_url?: string;
      verify_token?: string;
      fields?: string | readonly string[];
    };
    if (asked.object !== 'whatsapp_business_account' || asked.callback_url === undefined) {
      throw new GraphError(100, { message: '(#100) The parameter callback_url is required.' });
    }
    await prove(services, asked.callback_url, asked.verify_token ?? '');
    node.callbackUrl = asked.callback_url;
    node.verifyToken = asked.verify_token ?? '';
    const fields = typeof asked.fields === 'string' ? asked.fields.split(',') : asked.fields;
    node.fields = fields && new Set(fields);
    return { success: true };
  }),
  onApp('get_callback', 'GET', 'subscriptions', ({ node }) => ({
    data:
      node.callbackUrl === undefined
        ? []
        : [
            {
              object: 'whatsapp_business_account',
              callback_url: node.callbackUrl,
              active: true,
              fields: [...(node.fields ?? [])].map((name) => ({ name, version: 'v26.0' })),
            },
          ],
  })),
];
