import { sessionStates } from '@blazz/core';
import { type TObject, type TString, Type } from '@sinclair/typebox';

const count = Type.Integer({ minimum: 0 });

/** How a session stands. */
export const sessionStatusSchema: TObject = Type.Object(
  {
    workspace_id: Type.String(),
    session_id: Type.String(),
    provider: Type.String(),
    state: Type.Union(sessionStates.map((state) => Type.Literal(state))),
    since: Type.String({ format: 'date-time' }),
    reason: Type.Optional(Type.String()),
    percent: Type.Optional(
      Type.Integer({ minimum: 0, maximum: 100, description: 'While `syncing`: how far.' }),
    ),
    account: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
    last_error: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
    members: Type.Optional(Type.Array(Type.Record(Type.String(), Type.Unknown()))),
    qr_expires_at: Type.Optional(Type.String({ format: 'date-time' })),
    queue: Type.Object({
      queued: Type.Object({ interactive: count, bulk: count }),
      sending: count,
      unknown: count,
    }),
    message_types: Type.Array(Type.String()),
    abilities: Type.Array(Type.String()),
  },
  { additionalProperties: true },
);

/** A QR to scan. */
export const qrSchema: TObject = Type.Object({
  workspace_id: Type.String(),
  session_id: Type.String(),
  qr: Type.String({ description: 'The text of the QR. Secret: whoever scans it owns the link.' }),
  qr_image: Type.String({ description: 'The QR as a picture: a data: link of a PNG.' }),
  expires_at: Type.String({ format: 'date-time' }),
});

/** A pairing code to type into the phone. */
export const pairingCodeSchema: TObject = Type.Object({
  workspace_id: Type.String(),
  session_id: Type.String(),
  code: Type.String({ description: 'Eight characters. Secret.' }),
  expires_at: Type.String({ format: 'date-time' }),
});

/** What asks for a pairing code. */
export const pairingCodeBody: TObject<{ phone: TString }> = Type.Object(
  {
    phone: Type.String({
      pattern: '^\\+?[1-9][0-9 ().-]{6,24}$',
      description: "The account's own phone number, with country code.",
      rule: 'must be the phone number of the account, with country code.',
    }),
  },
  { additionalProperties: false },
);
