import { route, type SimulatorCall, type SimulatorRoute } from '../../control/control-route';
import type { GraphSimulator } from '../graph-simulator';
import type { MessageStatus } from '../messages/sent-message';
import { type GraphLimits, receiptModes } from '../options';
import type { CustomerPhone } from '../phone/customer-phone';
import { reviewModes } from '../templates/reviews';
import type { WebhookConditions } from '../webhooks/conditions';
import { type TemplateSource, templateStatuses } from '../world/template';
import { faultRuleOf, objectOf, textsOf } from './bodies';
import { showEffect, showMessage, showNumber, showState } from './representation';

/** What a route of the Cloud API's controls gets. */
export type GraphControlCall = SimulatorCall<GraphSimulator>;

/** One route of the Cloud API's controls. */
export type GraphControlRoute = SimulatorRoute<GraphSimulator>;

const statuses = ['sent', 'delivered', 'read', 'played', 'failed'] as const;
const phoneOf = ({ simulator, path }: GraphControlCall): CustomerPhone =>
  simulator.phone(path.customer as string);

/** Every route of the Cloud API's controls, `GET /api/events` excepted: that one streams. */
export const graphControlRoutes: readonly GraphControlRoute[] = [
  route('GET', '/api/state', 'Everything: messages, faults, what is on its way.', (call) =>
    showState(call.simulator),
  ),
  route('GET', '/api/effects', 'Every message that was accepted.', ({ simulator }) =>
    simulator.effects.map(showEffect),
  ),
  route(
    'POST',
    '/api/businesses',
    'Adds a business with all that a client needs: {name?, number?, callback_url?, …}.',
    ({ simulator, body }) => {
      const business = simulator.addBusiness(
        textsOf(body, {
          name: 'name',
          number: 'number',
          phone_number_id: 'phoneNumberId',
          waba_id: 'wabaId',
          app_id: 'appId',
          app_secret: 'appSecret',
          verify_token: 'verifyToken',
          access_token: 'accessToken',
          callback_url: 'callbackUrl',
        }),
      );
      return {
        number: business.number,
        phone_number_id: business.phoneNumberId,
        waba_id: business.wabaId,
        app_id: business.appId,
        app_secret: business.appSecret,
        verify_token: business.verifyToken,
        access_token: business.accessToken,
      };
    },
  ),
  route(
    'POST',
    '/api/apps/{app}/callback',
    "Makes an address an app's callback, after the handshake: {url, verify_token?}.",
    ({ simulator, path, body }) =>
      simulator.webhooks.subscribe(
        path.app as string,
        body.text('url'),
        body.optionalText('verify_token'),
      ),
  ),
  route(
    'POST',
    '/api/templates',
    'Adds a template: {waba_id, name, language?, category?, status?, components?}.',
    ({ simulator, body }) => {
      const components = body.raw('components');
      const source = {
        wabaId: body.text('waba_id'),
        name: body.text('name'),
        ...textsOf(body, { language: 'language', category: 'category', status: 'status' }),
        ...(components === undefined ? {} : { components }),
      };
      return { id: simulator.addTemplate(source as TemplateSource).id };
    },
  ),
  route(
    'PUT',
    '/api/templates/{id}/status',
    "Changes a template's state and tells it: {status, reason?}.",
    ({ simulator, path, body }) =>
      simulator.setTemplateStatus(
        path.id as string,
        body.oneOf('status', templateStatuses),
        body.optionalText('reason'),
      ),
  ),
  route('DELETE', '/api/tokens/{token}', 'Lets a token expire.', ({ simulator, path }) =>
    simulator.expireToken(path.token as string),
  ),
  route(
    'GET',
    '/api/numbers/{number}',
    'A business number, with the code that was sent to it last.',
    ({ simulator, path }) => showNumber(simulator.number(path.number as string)),
  ),
  route(
    'PUT',
    '/api/numbers/{number}',
    'Changes a business number: {registered?, verified?, tier?, trouble?, pin?}.',
    ({ simulator, path, body }) => {
      const names = ['registered', 'verified', 'tier', 'trouble', 'pin'] as const;
      const given = names.flatMap((name) =>
        body.raw(name) === undefined ? [] : [[name, body.raw(name)]],
      );
      simulator.changeNumber(path.number as string, Object.fromEntries(given));
    },
  ),
  route(
    'PUT',
    '/api/contacts/{customer}',
    'Describes a customer: {name?, on_whatsapp?, online?, opted_out?, wrote_to?: [number id]}.',
    ({ simulator, path, body }) => {
      const flags = { on_whatsapp: 'onWhatsApp', online: 'online', opted_out: 'optedOut' };
      const given = Object.entries(flags).flatMap(([name, code]) =>
        body.raw(name) === undefined ? [] : [[code, body.flag(name)]],
      );
      const wroteTo = body.raw('wrote_to') as string[] | undefined;
      simulator.addContact({
        number: path.customer as string,
        ...textsOf(body, { name: 'name', user_id: 'userId', username: 'username' }),
        ...Object.fromEntries(given),
        ...(wroteTo === undefined ? {} : { wroteTo }),
      });
    },
  ),
  route('GET', '/api/phones/{customer}/messages', "What reached a customer's phone.", (call) =>
    phoneOf(call).messages.map(showMessage),
  ),
  route(
    'POST',
    '/api/phones/{customer}/messages',
    'A customer writes: {to, content: {type, …} in the words of the wire, reply_to?}.',
    (call) => {
      const { body } = call;
      const content = objectOf(body, 'content');
      const options = textsOf(body, { reply_to: 'replyTo', id: 'id' });
      return { id: phoneOf(call).send(body.text('to'), content, options) };
    },
  ),
  route(
    'PUT',
    '/api/messages/{id}/status',
    'Moves a message: {status: sent | delivered | read | played | failed}.',
    ({ simulator, path, body }) =>
      simulator.setStatus(path.id as string, body.oneOf<MessageStatus>('status', statuses)),
  ),
  route(
    'POST',
    '/api/webhooks',
    'Sends any change of an account: {waba_id, field, value}.',
    ({ simulator, body }) =>
      simulator.webhooks.send(body.text('waba_id'), body.text('field'), objectOf(body, 'value')),
  ),
  route(
    'PUT',
    '/api/settings',
    'Changes how it behaves: {receipts?, refusals?, reviews?, limits?, conditions?}.',
    ({ simulator, body }) => {
      const given = (name: string): boolean => body.raw(name) !== undefined;
      if (given('receipts')) simulator.setReceipts(body.oneOf('receipts', receiptModes));
      if (given('refusals')) simulator.setRefusals(body.oneOf('refusals', ['status', 'answer']));
      if (given('reviews')) simulator.setReviews(body.oneOf('reviews', reviewModes));
      if (given('limits')) simulator.setLimits(objectOf(body, 'limits') as Partial<GraphLimits>);
      if (!given('conditions')) return;
      const { batch_size: batchSize, jitter_ms: jitterMs, ...rest } = objectOf(body, 'conditions');
      simulator.webhooks.setConditions({
        ...(rest as Partial<WebhookConditions>),
        ...(typeof batchSize === 'number' ? { batchSize } : {}),
        ...(typeof jitterMs === 'number' ? { jitterMs } : {}),
      });
    },
  ),
  route(
    'POST',
    '/api/faults',
    'Makes something go wrong: {fault: {kind, …}, match?, skip?, times?, chance?}.',
    ({ simulator, body }) => {
      simulator.faults.add(faultRuleOf(body));
    },
  ),
  route('DELETE', '/api/faults', 'Ends every fault.', ({ simulator }) => simulator.faults.clear()),
];
