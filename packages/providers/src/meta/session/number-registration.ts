import { type BusinessProfile, GatewayError, type Registration } from '@blazz/core';
import { asList, asRaw, asText } from '../../json/raw';
import { unwrap } from '../errors/unwrap';
import type { GraphCall, MetaScope } from './meta-scope';

const profileFields = ['about', 'address', 'description', 'email', 'vertical'] as const;

/** The number at Meta: its registration and how the business shows itself. Works without a start. */
export class NumberRegistration implements Registration {
  readonly #scope: MetaScope;

  /** @param scope what the parts of the session share */
  constructor(scope: MetaScope) {
    this.#scope = scope;
  }

  /** {@inheritDoc Registration.register} */
  async register(pin: string, signal: AbortSignal): Promise<void> {
    if (!/^\d{6}$/.test(pin)) {
      throw new GatewayError('bad_request', 'The PIN of two-step verification has six digits.');
    }
    await this.#post('register', { pin }, signal);
  }

  /** {@inheritDoc Registration.deregister} */
  async deregister(signal: AbortSignal): Promise<void> {
    await this.#call({ method: 'POST', path: this.#path('deregister'), signal });
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
