import { GatewayError } from '@blazz/core';
import { route, type SimulatorCall, type SimulatorRoute } from '../../control/control-route';
import { isText, type JsonBody } from '../../control/json-body';
import { dialogKinds } from '../dialog';
import { ackModes } from '../network/ack-mode';
import { pageStates } from '../page-state';
import type { Phone } from '../phone';
import type { WebSimulator } from '../web-simulator';
import { contentOf, deliveryOf, faultsOf } from './message-body';
import { showAccount, showFaults, showMessage, showState } from './representation';

/** What a route gets. */
export type ControlCall = SimulatorCall<WebSimulator>;

/** One route of the control API. */
export type ControlRoute = SimulatorRoute<WebSimulator>;

function phoneOf({ simulator, path }: ControlCall): Phone {
  const phone = simulator.accounts.find((one) => one.number === path.number);
  if (phone) return phone;
  throw new GatewayError(
    'not_found',
    'No account with this number: open it with POST /api/accounts.',
  );
}

function ownerOf(body: JsonBody): { name?: string } {
  const name = body.optionalText('name');
  return name === undefined ? {} : { name };
}

function levelOf(body: JsonBody): -1 | 1 | 2 | 3 | 4 {
  const level = body.number('level');
  if (level === -1 || level === 1 || level === 2 || level === 3 || level === 4) return level;
  throw new GatewayError('bad_request', '"level" is -1, 1, 2, 3 or 4.');
}

const isNumber = (value: unknown): value is number => typeof value === 'number';

/** Every route of the control API, `GET /api/events` and `GET /api/media/…` excepted: those stream. */
export const controlRoutes: readonly ControlRoute[] = [
  route(
    'GET',
    '/api/state',
    'Everything: waiting QR codes, accounts, chats, faults.',
    ({ simulator }) => showState(simulator),
  ),
  route(
    'GET',
    '/api/effects',
    'Everything that the accounts sent and the server accepted.',
    ({ simulator }) => simulator.effects,
  ),
  route('POST', '/api/accounts', 'Opens an account: {number, name?}.', ({ simulator, body }) =>
    showAccount(simulator.phone(body.text('number'), ownerOf(body)), simulator),
  ),
  route('POST', '/api/scan', 'Scans a QR: {qr, number, name?}.', async ({ simulator, body }) => {
    const owner = { number: body.text('number'), ...ownerOf(body) };
    return showAccount(await simulator.scan(body.text('qr'), owner), simulator);
  }),
  route(
    'POST',
    '/api/codes',
    'Enters a pairing code: {code, number, name?}.',
    async ({ simulator, body }) =>
      showAccount(
        await simulator.enterCode(body.text('code'), body.text('number'), ownerOf(body)),
        simulator,
      ),
  ),
  route(
    'POST',
    '/api/messages',
    'Writes a message on a phone: {from, to, content, …}.',
    async ({ simulator, body }) => showMessage(await simulator.deliver(deliveryOf(body))),
  ),
  route(
    'POST',
    '/api/messages/{id}/reaction',
    'Reacts: {by, emoji}; an empty emoji takes it back.',
    ({ simulator, path, body }) =>
      simulator.react(path.id as string, body.text('by'), String(body.raw('emoji') ?? '')),
  ),
  route(
    'POST',
    '/api/messages/{id}/vote',
    'Votes: {by, options: [0, …]}.',
    ({ simulator, path, body }) =>
      simulator.vote(path.id as string, body.text('by'), body.list('options', isNumber)),
  ),
  route('POST', '/api/messages/{id}/edit', 'Edits: {text}.', ({ simulator, path, body }) =>
    simulator.edit(path.id as string, body.text('text')),
  ),
  route(
    'POST',
    '/api/messages/{id}/revoke',
    'Takes the message back for everybody.',
    ({ simulator, path }) => simulator.revoke(path.id as string),
  ),
  route(
    'POST',
    '/api/messages/{id}/decrypt',
    'Delivers what a ciphertext said: {content}.',
    ({ simulator, path, body }) => {
      const content = contentOf(body);
      return simulator.decrypt(
        path.id as string,
        isText(content) ? { kind: 'text', text: content } : content,
      );
    },
  ),
  route(
    'POST',
    '/api/messages/{id}/ack',
    'Moves the acknowledgement: {level: -1 | 1 | 2 | 3 | 4}.',
    ({ simulator, path, body }) => simulator.acknowledge(path.id as string, levelOf(body)),
  ),
  route(
    'GET',
    '/api/accounts/{number}/chats/{chat}/messages',
    'The messages of one chat.',
    (call) =>
      phoneOf(call)
        .messages(call.path.chat as string)
        .map(showMessage),
  ),
  route('POST', '/api/accounts/{number}/logout', 'The owner removes every linked device.', (call) =>
    phoneOf(call).logout(),
  ),
  route('POST', '/api/accounts/{number}/conflict', 'WhatsApp Web is opened elsewhere.', (call) =>
    phoneOf(call).conflict(),
  ),
  route('POST', '/api/accounts/{number}/state', 'Tells the pages a state: {state}.', (call) =>
    phoneOf(call).setState(call.body.oneOf('state', pageStates)),
  ),
  route(
    'POST',
    '/api/accounts/{number}/loading',
    'Tells the pages how far loading is: {percent}; 100 ends it.',
    (call) => phoneOf(call).load(call.body.number('percent')),
  ),
  route(
    'POST',
    '/api/accounts/{number}/passkey',
    'Gives the passkey that linking waits for, or not: {given}.',
    (call) => phoneOf(call).answerPasskey(call.body.flag('given')),
  ),
  route(
    'PUT',
    '/api/accounts/{number}/dialog',
    'Lays a dialogue over the pages: {kind: announcement | terms | progress}.',
    (call) => phoneOf(call).showDialog(call.body.oneOf('kind', dialogKinds)),
  ),
  route('DELETE', '/api/accounts/{number}/dialog', 'The dialogue goes.', (call) =>
    phoneOf(call).closeDialog(),
  ),
  route('POST', '/api/accounts/{number}/drop-sockets', "Cuts the pages' sockets.", (call) =>
    phoneOf(call).dropSockets(),
  ),
  route('POST', '/api/accounts/{number}/reload', 'Loads the pages again.', (call) =>
    phoneOf(call).reloadPage(),
  ),
  route('POST', '/api/accounts/{number}/navigate-away', 'Sends the pages elsewhere.', (call) =>
    phoneOf(call).navigateAway(),
  ),
  route('POST', '/api/accounts/{number}/spin', 'Keeps the main thread busy: {ms}.', (call) =>
    phoneOf(call).spinPage(call.body.number('ms')),
  ),
  route('POST', '/api/accounts/{number}/call', 'Rings: {from, id, video?}.', (call) =>
    phoneOf(call).call(call.body.text('from'), {
      id: call.body.text('id'),
      video: call.body.raw('video') === true,
    }),
  ),
  route(
    'PUT',
    '/api/ack-mode',
    'How recipients acknowledge: {mode, number?}.',
    ({ simulator, body }) =>
      simulator.setAckMode(body.oneOf('mode', ackModes), body.optionalText('number')),
  ),
  route(
    'PUT',
    '/api/faults',
    'Makes things go wrong: {number?, page?, send?, …, latency_ms?}.',
    ({ simulator, body }) => {
      const number = body.optionalText('number');
      simulator.setFaults(faultsOf(body), number);
      return showFaults(simulator.faults(number));
    },
  ),
  route(
    'DELETE',
    '/api/faults',
    'Ends the faults of one account, or all: {number?}.',
    ({ simulator, body }) => simulator.clearFaults(body.optionalText('number')),
  ),
  route(
    'POST',
    '/api/contacts',
    'Makes somebody known: {number?, lid?, by_lid?, name?, pushname?, business?}.',
    ({ simulator, body }) => {
      const texts = ['number', 'lid', 'name', 'pushname'] as const;
      const given = texts
        .map((name) => [name, body.optionalText(name)])
        .filter(([, value]) => value !== undefined);
      simulator.addContact({
        ...Object.fromEntries(given),
        business: body.raw('business') === true,
        ...(body.raw('by_lid') === undefined ? {} : { byLid: body.flag('by_lid') }),
      });
    },
  ),
  route(
    'POST',
    '/api/groups',
    'Makes a group: {subject, participants: [number, …]}.',
    ({ simulator, body }) =>
      simulator.addGroup({
        subject: body.text('subject'),
        participants: body.list('participants', isText),
      }),
  ),
  route(
    'PUT',
    '/api/numbers/{number}',
    'Says whether a number is on WhatsApp: {registered}.',
    ({ simulator, path, body }) =>
      simulator.setRegistered(path.number as string, body.flag('registered')),
  ),
];
