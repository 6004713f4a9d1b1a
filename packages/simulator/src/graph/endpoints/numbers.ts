import { GraphError } from '../errors/graph-error';
import type { JsonObject } from '../messages/parse-message';
import { check } from '../schemas/check';
import { numberSchema, profileSchema } from '../schemas/number-requests';
import type { BusinessNumber, BusinessProfile } from '../world/business-number';
import { fieldsOf, pageOf } from './page';
import { endpointsOf, type GraphEndpoint } from './route';

const onAccount = endpointsOf('account', 'whatsapp_business_management');
const onNumber = endpointsOf('number', 'whatsapp_business_management');

/** What a number shows when nobody asks for certain fields. */
const defaults = [
  'verified_name',
  'code_verification_status',
  'display_phone_number',
  'quality_rating',
  'platform_type',
  'throughput',
  'status',
];

/** How Meta calls the tiers. */
const levels = { 20: 'STANDARD', 80: 'STANDARD', 1000: 'HIGH' } as const;

/** A number as the Graph API shows it, whole. */
function showNumber(number: BusinessNumber): JsonObject {
  return {
    verified_name: number.verifiedName,
    code_verification_status: number.verified ? 'VERIFIED' : 'NOT_VERIFIED',
    display_phone_number: `+${number.number}`,
    quality_rating: number.quality,
    platform_type: number.registered ? 'CLOUD_API' : 'NOT_APPLICABLE',
    throughput: { level: levels[number.tier] },
    status: number.registered ? 'CONNECTED' : 'PENDING',
    name_status: 'APPROVED',
    account_mode: 'LIVE',
    is_official_business_account: false,
    is_pin_enabled: number.pin !== undefined,
    messaging_limit_tier: number.messagingLimit,
    id: number.id,
  };
}

/** What can be asked of a profile. */
const profileFields = [
  'about',
  'address',
  'description',
  'email',
  'profile_picture_url',
  'websites',
  'vertical',
] as const;

/** Numbers and their profiles. */
export const numberEndpoints: readonly GraphEndpoint[] = [
  onAccount('list_numbers', 'GET', 'phone_numbers', ({ node, request, services }) => {
    const { query, version } = request;
    const own = [...services.context.world.numbers.values()].filter(
      (number) => number.wabaId === node.id,
    );
    const shown = own.map((number) => fieldsOf(showNumber(number), query, defaults));
    const address = `${services.origin()}/${version}/${node.id}/phone_numbers`;
    return pageOf(shown, { query, address });
  }),
  onNumber('get_number', 'GET', '', ({ node, request }) =>
    fieldsOf(showNumber(node), request.query, defaults),
  ),
  onNumber('update_number', 'POST', '', ({ node, request }) => {
    check(numberSchema, request.body);
    const { pin, whatsapp_business_api_data: data } = request.body as {
      pin?: string;
      whatsapp_business_api_data?: { pin?: string };
    };
    node.pin = pin ?? data?.pin ?? node.pin;
    return { success: true };
  }),
  onNumber('get_profile', 'GET', 'whatsapp_business_profile', ({ node, request }) => {
    const asked = request.query.get('fields')?.split(',');
    const wanted = profileFields.filter((name) => asked?.includes(name) ?? true);
    const shown = wanted
      .filter((name) => node.profile[name] !== undefined)
      .map((name) => [name, node.profile[name]]);
    return { data: [{ ...Object.fromEntries(shown), messaging_product: 'whatsapp' }] };
  }),
  onNumber('update_profile', 'POST', 'whatsapp_business_profile', ({ node, request }) => {
    check(profileSchema, request.body);
    const { messaging_product, profile_picture_handle, ...given } = request.body;
    if ('email' in given && !/^\S+@\S+$/.test(String(given.email))) {
      throw new GraphError(100, { details: 'Param email is not an e-mail address.' });
    }
    node.profile = { ...node.profile, ...(given as BusinessProfile) };
    if (profile_picture_handle !== undefined) {
      node.profile.profile_picture_url = `https://pps.whatsapp.net/${node.id}`;
    }
    return { success: true };
  }),
];
