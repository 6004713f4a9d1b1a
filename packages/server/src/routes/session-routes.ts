import { type Session, toGatewayError } from '@blazz/core';
import { Type } from '@sinclair/typebox';
import { idParams } from '../schemas/ids';
import {
  pairingCodeBody,
  pairingCodeSchema,
  qrSchema,
  sessionStatusSchema,
} from '../schemas/session-schema';
import type { RouteContext } from './context';
import { qrImage } from './qr-image';
import { type Route, route } from './route';

/** How long a caller waits for the first QR: a cold Chromium on a busy machine takes its time. */
const QR_WAIT_MS = 60_000;

const grant = { kind: 'key', scope: 'sessions', workspace: 'session' } as const;
const names = (session: Session): { workspace_id: string; session_id: string } => ({
  workspace_id: session.workspaceId,
  session_id: session.id,
});

/** The routes about one session, and the list of all. */
export function sessionRoutes(context: RouteContext): readonly Route[] {
  return [
    route({
      method: 'GET',
      path: '/internal/sessions',
      summary: 'List sessions',
      description: 'The sessions of this instance, of the workspaces that the key covers.',
      grant: { kind: 'key', scope: 'sessions', workspace: 'none' },
      answers: { 200: Type.Array(sessionStatusSchema) },
      async handle({ caller }) {
        const covered = context.gateway.sessions
          .list()
          .filter((session) => caller.covers(session.workspaceId));
        return { data: await Promise.all(covered.map((session) => session.status())) };
      },
    }),
    route({
      method: 'GET',
      path: '/internal/session/:id/status',
      summary: 'How a session stands',
      grant,
      params: idParams,
      answers: { 200: sessionStatusSchema },
      handle: async ({ session }) => ({ data: await session.status() }),
    }),
    route({
      method: 'POST',
      path: '/internal/session/:id/qr',
      summary: 'Start pairing and get the QR',
      description: 'Starts the session when needed and waits for its QR, at most a minute.',
      grant,
      params: idParams,
      answers: { 200: qrSchema },
      async handle({ session, whileWaiting }) {
        const { text, expiresAt } = await whileWaiting((signal) =>
          session.qr({ timeoutMs: QR_WAIT_MS, signal }),
        );
        const expires_at = new Date(expiresAt).toISOString();
        return { data: { ...names(session), qr: text, qr_image: await qrImage(text), expires_at } };
      },
    }),
    route({
      method: 'POST',
      path: '/internal/session/:id/pairing-code',
      summary: 'Start pairing and get a code',
      description: 'The eight characters are typed into the phone instead of scanning a QR.',
      grant,
      params: idParams,
      body: pairingCodeBody,
      answers: { 200: pairingCodeSchema },
      async handle({ session, body, whileWaiting }) {
        const { code, expiresAt } = await whileWaiting((signal) =>
          session.pairingCode(body.phone.replace(/[^0-9]/g, ''), { signal }),
        );
        const expires_at = new Date(expiresAt).toISOString();
        return { data: { ...names(session), code, expires_at } };
      },
    }),
    change('reconnect', 'Stop and start a session', (session) => session.reconnect()),
    change('stop', 'Stop a session; its credentials stay', (session) => session.stop()),
    change('logout', 'Unlink a session and delete its credentials', (session) => session.logout()),
  ];
}

function change(verb: string, summary: string, act: (session: Session) => Promise<void>): Route {
  return route({
    method: 'POST',
    path: `/internal/session/:id/${verb}`,
    summary,
    grant,
    params: idParams,
    answers: { 200: sessionStatusSchema },
    async handle({ session }) {
      try {
        await act(session);
      } catch (error) {
        throw toGatewayError(error, 'provider_failed', `The session could not ${verb}. Try again.`);
      }
      return { data: await session.status() };
    },
  });
}
