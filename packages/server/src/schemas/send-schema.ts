import { contentSchemas } from '@blazz/core';
import {
  type TObject,
  type TOptional,
  type TProperties,
  type TSchema,
  type TString,
  Type,
} from '@sinclair/typebox';
import { id, workspaceId } from './ids';

/** What every send names beside its content. */
export interface SendAddress extends TProperties {
  /** The workspace. */
  readonly workspace_id: typeof workspaceId;
  /** The session. */
  readonly session_id: TOptional<typeof id>;
  /** Where it goes. */
  readonly to: TOptional<TString>;
  /** Another name of `to`. */
  readonly contact_uuid: TOptional<TString>;
}

const address: SendAddress = {
  workspace_id: workspaceId,
  session_id: Type.Optional(id),
  to: Type.Optional(
    Type.String({
      description:
        'A phone number with country code, a group id (…@g.us), a chat id, or a business-scoped user id.',
    }),
  ),
  contact_uuid: Type.Optional(
    Type.String({
      description: 'Another name of `to`. It must be a recipient: ids of yours mean nothing here.',
    }),
  ),
};

/** How a send may be treated; core checks these, and the documentation shows them. */
const treatment = {
  reply_to: Type.Optional(Type.String({ description: 'The message that this one answers.' })),
  on_ambiguous: Type.Optional(
    Type.Union([Type.Literal('hold'), Type.Literal('retry')], {
      description: 'Default hold: a send that may have left is never repeated by itself.',
    }),
  ),
  expires_at: Type.Optional(
    Type.String({ format: 'date-time', description: 'Not after this time.' }),
  ),
  send_at: Type.Optional(
    Type.String({ format: 'date-time', description: 'Not before this time.' }),
  ),
  lane: Type.Optional(
    Type.Union([Type.Literal('interactive'), Type.Literal('bulk')], {
      description: 'Default interactive, which goes before bulk.',
    }),
  ),
};

/** What is checked of a send's body before core checks the message itself. */
export const sendBody: TObject<SendAddress> = Type.Object(address, {
  additionalProperties: true,
});

/** The whole body of `POST /internal/send-message`, for the documentation: one form per type. */
export const sendMessageDocs: TSchema = Type.Union([
  ...Object.entries(contentSchemas).map(([type, content]) =>
    Type.Object({ ...address, type: Type.Literal(type), [type]: content, ...treatment }),
  ),
  Type.Object(
    { ...address, type: Type.Literal('text'), message: Type.String(), ...treatment },
    { description: 'The short form of text.' },
  ),
]);

/** The whole body of `POST /internal/send-template`, for the documentation. */
export const sendTemplateDocs: TSchema = Type.Object({
  ...address,
  template: contentSchemas.template,
  ...treatment,
});
