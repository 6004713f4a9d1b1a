import type { GraphRule } from './error-class';
import { rule } from './rule';
import { templateCodes } from './template-codes';

const onChannel = { scope: 'channel' } as const;
const token = 'make a new token for a system user, put it into access_token and start the session';
const rights =
  'give the system user whatsapp_business_messaging and whatsapp_business_management on the account, and make a new token';
const slower = 'nothing: sends wait by themselves; send less if it lasts';
const later = 'nothing: it is tried again by itself; see metastatus.com if it lasts';
const pin = 'do not guess: every wrong PIN brings a lock nearer; set a new one in WhatsApp Manager';
const media = { code: 'media_unavailable' } as const;

/**
 * What follows from each code of Graph, whether it comes as an answer or in a status. The one place
 * that decides; `code/subcode` goes before `code`.
 */
export const graphCodes: Readonly<Record<string, GraphRule>> = {
  ...templateCodes,
  0: rule('auth', 'Meta could not tell who is calling', token, onChannel),
  1: rule('transient', 'Meta does not know the call, or failed', later, {
    retry: { baseMs: 1_000, factor: 2, maxMs: 300_000, maxAttempts: 2 },
  }),
  2: rule('transient', 'Meta is down or overloaded', later),
  3: rule('auth', 'the app may not make this call', rights),
  4: rule('throttle_app', 'the app makes too many calls', slower),
  10: rule('auth', 'the token lacks a permission', rights, onChannel),
  17: rule('throttle_app', "the token's user makes too many calls", slower),
  33: rule(
    'content',
    'Meta does not know the object',
    'check the ids in the settings and in the message',
  ),
  100: rule(
    'content',
    'a parameter is wrong or missing',
    'check the content against the Cloud API',
  ),
  '100/33': rule(
    'content',
    'Meta does not know the object, or the token may not see it',
    'check phone_number_id, waba_id and the media id, and what the token may see',
  ),
  190: rule('auth', 'the access token is expired, revoked or broken', token, onChannel),
  '190/463': rule('auth', 'the access token has expired', token, onChannel),
  200: rule('auth', 'the token lacks a permission', rights, onChannel),
  368: rule(
    'policy_block',
    'Meta blocked the account for a while for breaking its policies',
    'read the notice in WhatsApp Manager and appeal; do not send by another way',
  ),
  80007: rule('throttle_app', 'the WhatsApp Business account makes too many calls', slower),
  130429: rule('throttle_number', 'the number sends faster than its throughput', slower),
  130472: rule(
    'engagement',
    'the recipient takes part in an experiment of Meta without marketing messages',
    'leave it, or wait until the recipient writes',
  ),
  130497: rule(
    'quality_stop',
    'the business may not write to people in this country',
    'take the country out of the campaign',
  ),
  131000: rule('transient', 'Meta failed', later),
  131005: rule('auth', 'access is denied', rights),
  131008: rule(
    'content',
    'a required parameter is missing',
    'check the content against the Cloud API',
  ),
  131009: rule(
    'content',
    'a parameter has a wrong value',
    'check the content against the Cloud API',
  ),
  131016: rule('transient', 'a service of Meta is away', later),
  131021: rule('recipient', 'sender and recipient are the same number', 'check `to`'),
  131026: rule(
    'recipient',
    'the message cannot be delivered to the recipient',
    'check that the number is on WhatsApp with a recent version and has accepted the terms',
    { code: 'not_on_whatsapp' },
  ),
  131030: rule(
    'recipient',
    "the recipient is not on the test number's list",
    'add the number in WhatsApp > API Setup, or send from a real number',
  ),
  131031: rule(
    'policy_block',
    'the account is locked',
    'read the notice in WhatsApp Manager and appeal; do not send by another way',
  ),
  131037: rule(
    'registration',
    "the number's display name is not approved",
    'have the display name approved in WhatsApp Manager',
  ),
  131042: rule(
    'billing',
    'there is a problem with the payment method',
    'mend the payment method in the business settings',
    onChannel,
  ),
  131045: rule(
    'registration',
    "the number's registration is broken",
    'register the number again',
    onChannel,
  ),
  131047: rule(
    'window',
    'more than 24 hours have passed since the recipient last wrote',
    'send an approved template instead',
  ),
  131048: rule(
    'quality_stop',
    "too many of the number's messages were blocked or reported",
    "stop campaigns and look at the number's quality in WhatsApp Manager",
  ),
  131049: rule(
    'engagement',
    'Meta keeps this marketing message back to keep the ecosystem healthy',
    'wait at least 24 hours before trying this recipient again',
  ),
  131050: rule(
    'engagement',
    'the recipient stopped marketing messages of this business',
    'take the recipient off every marketing list',
  ),
  131051: rule('content', 'the type of message is not supported', 'send another type of message'),
  131052: rule(
    'content',
    "the recipient's media could not be taken over by Meta",
    'ask for the media again, smaller than 100 MB',
    media,
  ),
  131053: rule(
    'content',
    'the media could not be taken',
    'check its address, type and size against the limits of the Cloud API',
    media,
  ),
  131056: rule('throttle_pair', 'too many messages to the same recipient in a short time', slower),
  131057: rule(
    'transient',
    'the account is in maintenance, for example while its throughput is raised',
    later,
    onChannel,
  ),
  131062: rule(
    'recipient',
    'this message cannot be sent to a business-scoped user id',
    'send it to a phone number',
  ),
  131064: rule(
    'quality_stop',
    'the account is held back for its quality',
    "stop campaigns and look at the account's quality in WhatsApp Manager",
  ),
  133000: rule(
    'registration',
    'an earlier deregistration was not completed',
    'deregister the number again, then register it',
  ),
  133004: rule('transient', 'the registration service is away', later),
  133005: rule('registration', 'the PIN is wrong', pin),
  133006: rule('registration', 'the number must be verified again', 'request a code and verify it'),
  133008: rule('registration', 'too many wrong PINs', `wait as long as Meta says; ${pin}`),
  133009: rule('registration', 'PINs are tried too fast', `wait as long as Meta says; ${pin}`),
  133010: rule(
    'registration',
    'the number is not registered with the Cloud API',
    'register the number with its PIN',
    onChannel,
  ),
  133015: rule(
    'registration',
    'the number was deleted a moment ago',
    'wait five minutes, then register it',
  ),
  133016: rule(
    'registration',
    'the number was registered and deregistered too often',
    'wait 72 hours, then register it once',
  ),
  134011: rule(
    'billing',
    'the terms of WhatsApp payments are not accepted',
    'accept them in WhatsApp Manager',
  ),
  135000: rule('content', 'a parameter is wrong', 'check the content against the Cloud API'),
  136024: rule(
    'registration',
    'no code can be sent to the number now',
    'a number that is proven already needs none; otherwise wait, or ask by the other method',
  ),
  136025: rule(
    'registration',
    'the code is wrong or too old',
    'type the newest code, or request another',
  ),
  2494100: rule('transient', 'the account is in maintenance', later),
};
