import {
  type BusinessProfile,
  type CodeRequest,
  GatewayError,
  type Registration,
  type RegistrationRequest,
} from '@blazz/core';
import { asList, asRaw, asText } from '../../json/raw';
import { unwrap } from '../errors/unwrap';
import type { GraphCall, MetaScope } from './meta-scope';

const profileFields = ['about', 'address', 'description', 'email', 'vertical'] as const;
const thePin = 'The PIN of two-step verification';

/** The number at Meta: its registration and how the business shows itself. Works without a start. */
export class NumberRegistration implements Registration {
  readonly #scope: MetaScope;
  readonly #onGone: () => void;

  /**
   * @param scope what the parts of the session share
   * @param onGone told once the number was taken off the platform
   */
  constructor(scope: MetaScope, onGone: () => void) {
    this.#scope = scope;
    this.#onGone = onGone;
  }

  /** {@inheritDoc Registration.requestCode} */
  async requestCode({ method, language }: CodeRequest, signal: AbortSignal): Promise<void> {
    const json = { code_method: method === 'sms' ? 'SMS' : 'VOICE', language };
    await this.#call({ method: 'POST', path: this.#path('request_code'), json, signal });
  }

  /** {@inheritDoc Registration.verifyCode} */
  async verifyCode(code: string, signal: AbortSignal): Promise<void> {
    const json = { code: sixDigits(code.replace('-', ''), 'The code') };
    await this.#call({ method: 'POST', path: this.#path('verify_code'), json, signal });
  }

  /** {@inheritDoc Registration.register} */
  async register(request: RegistrationRequest, signal: AbortSignal): Promise<void> {
    const { data_localization_region: region, backup } = request;
    const fields = {
      pin: sixDigits(request.pin, thePin),
      ...(region === undefined ? {} : { data_localization_region: region }),
      ...(backup === undefined ? {} : { backup: { data: backup.data, password: backup.password } }),
    };
    await this.#post('register', fields, signal);
  }

  /** {@inheritDoc Registration.setPin} */
  async setPin(pin: string, signal: AbortSignal): Promise<void> {
    const path = `/${this.#scope.settings.phone_number_id}`;
    await this.#call({ method: 'POST', path, json: { pin: sixDigits(pin, thePin) }, signal });
  }

  /** {@inheritDoc Registration.deregister} */
  async deregister(signal: AbortSignal): Promise<void> {
    await this.#call({ method: 'POST', path: this.#path('deregister'), signal });
    this.#onGone();
  }

  /** {@inheritDoc Registration.profile} */
  async profile(signal: AbortSignal): Promise<BusinessProfile> {
    const answer = await this.#call({
      method: 'GET',
      path: this.#path('whatsapp_business_profile'),
      query: { fields: [...profileFields, 'websites'].join(',') },
      signal,
    });
    const entry = asRaw(asList(answer.data)[0]);
    // Older versions wrap it once more.
    const raw = entry.business_profile === undefined ? entry : asRaw(entry.business_profile);
    const websites = asList(raw.websites).filter((url) => typeof url === 'string');
    return {
      ...Object.fromEntries(
        profileFields.flatMap((field) => {
          const text = asText(raw[field]);
          return text === undefined ? [] : [[field, text]];
        }),
      ),
      ...(websites.length === 0 ? {} : { websites }),
    };
  }

  /** {@inheritDoc Registration.updateProfile} */
  async updateProfile(profile: BusinessProfile, signal: AbortSignal): Promise<void> {
    await this.#post('whatsapp_business_profile', { ...profile }, signal);
  }

  async #post(
    what: string,
    fields: Readonly<Record<string, unknown>>,
    signal: AbortSignal,
  ): Promise<void> {
    const json = { messaging_product: 'whatsapp', ...fields };
    await this.#call({ method: 'POST', path: this.#path(what), json, signal });
  }

  async #call(call: GraphCall): Promise<Readonly<Record<string, unknown>>> {
    return unwrap(await this.#scope.call(call));
  }

  #path(what: string): string {
    return `/${this.#scope.settings.phone_number_id}/${what}`;
  }
}

/** Six digits. The error does not say which were given. */
function sixDigits(text: string, what: string): string {
  if (/^[0-9]{6}$/.test(text)) return text;
  throw new GatewayError('bad_request', `${what} has six digits.`);
}
