import { type TSchema, Type } from '@sinclair/typebox';
import { anyText, maybe, oneOf, strict, text } from './vocabulary';

const product = Type.Literal('whatsapp');
const pin = Type.String({ pattern: '^[0-9]{6}$' });

/** The countries in which Meta keeps a number's data at rest, if it is asked to. */
const regions = [
  'AE',
  'AU',
  'BH',
  'BR',
  'CA',
  'CH',
  'DE',
  'GB',
  'ID',
  'IN',
  'JP',
  'KR',
  'SG',
  'ZA',
] as const;

/** Registering a number. */
export const registerSchema: TSchema = strict({
  messaging_product: product,
  pin,
  data_localization_region: maybe(oneOf(...regions)),
  backup: maybe(strict({ data: anyText, password: anyText })),
  tier: maybe(oneOf('PROD', 'SANDBOX')),
  meta_store_retention_minutes: maybe(Type.Integer({ minimum: 60, maximum: 60 })),
});

/** Asking for a code that proves a number's ownership. */
export const requestCodeSchema: TSchema = strict({
  code_method: oneOf('SMS', 'VOICE'),
  language: Type.String({ pattern: '^[a-z]{2}(_[A-Z]{2})?$' }),
});

/** Typing that code. */
export const verifyCodeSchema: TSchema = strict({ code: Type.String({ pattern: '^[0-9]{6}$' }) });

/** Setting the pin of a number, or where its webhooks go. */
export const numberSchema: TSchema = strict({
  pin: maybe(pin),
  connection_status: maybe(anyText),
  search_visibility: maybe(anyText),
  username: maybe(anyText),
  webhook_url: maybe(anyText),
  whatsapp_business_api_data: maybe(
    strict({
      pin: maybe(pin),
      show_security_notifications: maybe(Type.Boolean()),
      notify_user_change_number: maybe(Type.Boolean()),
    }),
  ),
  webhook_configuration: maybe(
    strict({ override_callback_uri: Type.String(), verify_token: maybe(anyText) }),
  ),
  new_display_name: maybe(Type.String({ minLength: 2, maxLength: 75 })),
});

/** What a business says about itself. */
export const profileSchema: TSchema = strict({
  messaging_product: product,
  about: maybe(text(139)),
  address: maybe(Type.String({ maxLength: 256 })),
  description: maybe(Type.String({ maxLength: 512 })),
  email: maybe(Type.String({ maxLength: 128 })),
  profile_picture_handle: maybe(anyText),
  websites: maybe(Type.Array(text(256), { maxItems: 2 })),
  vertical: maybe(anyText),
});

/** Blocking or unblocking people. */
export const blockSchema: TSchema = strict({
  messaging_product: product,
  block_users: Type.Array(Type.Union([strict({ user: anyText }), strict({ user_id: anyText })]), {
    minItems: 1,
    maxItems: 1_000,
  }),
});

/** Subscribing to an account's webhooks. */
export const subscribeSchema: TSchema = strict({
  override_callback_uri: maybe(anyText),
  verify_token: maybe(anyText),
});
