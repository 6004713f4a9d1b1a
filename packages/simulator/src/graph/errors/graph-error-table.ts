/** What is fixed about a Graph error. */
export interface GraphErrorInfo {
  /** The HTTP status of a refusal. */
  readonly status: number;
  /** Meta's title. */
  readonly title: string;
  /** Whether the answer says `is_transient`. */
  readonly transient?: true;
}

const row = (status: number, title: string): GraphErrorInfo => ({ status, title });
const passing = (status: number, title: string): GraphErrorInfo => ({
  status,
  title,
  transient: true,
});

/** Every error that the simulator gives by itself, or by a fault that names only the code. */
export const graphErrors: Readonly<Record<number, GraphErrorInfo>> = {
  // Who asks
  0: row(401, 'AuthException'),
  3: row(500, 'API Method'),
  10: row(403, 'Permission Denied'),
  190: row(401, 'Invalid OAuth access token'),
  200: row(403, 'API Permission'),
  // What is asked
  1: row(400, 'Unknown error'),
  2: passing(503, 'Service temporarily unavailable'),
  12: row(400, 'This version of the API is no longer available'),
  33: row(400, 'Parameter value is not valid'),
  100: row(400, 'Invalid parameter'),
  2200: row(400, 'Callback verification failed'),
  2500: row(400, 'Unknown path components'),
  // How often
  4: row(400, 'API Too Many Calls'),
  17: row(400, 'User request limit reached'),
  80007: row(400, 'Rate limit issues'),
  130429: row(429, 'Rate limit hit'),
  131048: row(400, 'Spam rate limit hit'),
  131056: row(400, '(Business Account, Consumer Account) pair rate limit hit'),
  133016: row(400, 'Account register deregister rate limit exceeded'),
  // Whether the business may
  368: row(403, 'Temporarily blocked for policies violations'),
  130497: row(403, 'Business account is restricted from messaging users in this country'),
  131031: row(403, 'Account has been locked'),
  131042: row(400, 'Business eligibility payment issue'),
  131045: row(500, 'Incorrect certificate'),
  131064: row(400, 'Template quality limit reached'),
  134011: row(400, 'Payments terms not accepted'),
  // The message
  130472: row(400, "User's number is part of an experiment"),
  131000: passing(500, 'Something went wrong'),
  131005: row(403, 'Access denied'),
  131008: row(400, 'Required parameter is missing'),
  131009: row(400, 'Parameter value is not valid'),
  131016: passing(500, 'Service unavailable'),
  131021: row(400, 'Recipient cannot be sender'),
  131026: row(400, 'Message undeliverable'),
  131030: row(400, 'Recipient phone number not in allowed list'),
  131037: row(
    400,
    'WhatsApp provided number needs display name approval before message can be sent',
  ),
  131047: row(400, 'Re-engagement message'),
  131049: row(400, 'Message was not delivered to maintain healthy ecosystem engagement'),
  131050: row(400, 'User has stopped marketing messages'),
  131051: row(400, 'Unsupported message type'),
  131052: row(400, 'Media download error'),
  131053: row(400, 'Media upload error'),
  131057: passing(500, 'Account in maintenance mode'),
  131062: row(400, 'Business-scoped user id is not supported for this message'),
  131063: row(400, 'Template is not available for this recipient'),
  135000: row(400, 'Generic user error'),
  139100: row(400, 'Failed to block or unblock users'),
  139101: row(400, 'Re-engagement required to block user'),
  // The template
  132000: row(400, 'Template Param Count Mismatch'),
  132001: row(404, 'Template does not exist'),
  132005: row(400, 'Template hydrated text too long'),
  132007: row(400, 'Template format character policy violated'),
  132008: row(400, 'Template parameter value is not valid'),
  132012: row(400, 'Template parameter format mismatch'),
  132015: row(400, 'Template is paused'),
  132016: row(400, 'Template is disabled'),
  132018: row(400, 'Template parameters are not valid'),
  132068: row(400, 'Flow is blocked'),
  132069: row(400, 'Flow is throttled'),
  134101: row(400, 'Template is still being synchronised'),
  // The number
  133000: row(500, 'Incomplete deregistration'),
  133004: passing(503, 'Server temporarily unavailable'),
  133005: row(400, 'Two-step verification PIN mismatch'),
  133006: row(400, 'Phone number re-verification needed'),
  133008: row(400, 'Too many two-step verification PIN guesses'),
  133009: row(400, 'Two-step verification PIN guessed too fast'),
  133010: row(400, 'Phone number not registered'),
  133015: row(400, 'Please wait a few minutes before attempting to register this phone number'),
  136024: row(400, 'Request code error'),
  136025: row(400, 'Verify code error'),
  2494100: passing(503, 'The number is being moved'),
};

/** Subcodes, with what they stand for. */
export const graphSubcodes: {
  readonly expiredToken: 463;
  readonly invalidToken: 467;
  readonly noSuchObject: 33;
} = { expiredToken: 463, invalidToken: 467, noSuchObject: 33 };
