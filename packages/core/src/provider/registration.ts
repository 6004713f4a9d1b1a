/** How a business shows itself. */
export interface BusinessProfile {
  /** The short text under the name, at most 139 characters. */
  readonly about?: string;
  /** The address, at most 256 characters. */
  readonly address?: string;
  /** What the business does, at most 512 characters. */
  readonly description?: string;
  /** The e-mail address, at most 128 characters. */
  readonly email?: string;
  /** What kind of business it is, as the platform names it. */
  readonly vertical?: string;
  /** At most two addresses of web sites. */
  readonly websites?: readonly string[];
}

/** How the code that proves a number's ownership comes to it. */
export interface CodeRequest {
  /** As a text message, or spoken in a call. */
  readonly method: 'sms' | 'voice';
  /** The language that it comes in, such as `en_US`. */
  readonly language: string;
}

/** What a number is registered with. */
export interface RegistrationRequest {
  /** Six digits: those of two-step verification, or new ones where it has none yet. Secret. */
  readonly pin: string;
  /** The country that its data rests in, two capital letters. Default: the platform's choice. */
  readonly data_localization_region?: string | undefined;
  /** The backup of an installation of one's own that the number moves from. */
  readonly backup?:
    | {
        /** The backup, encrypted. Secret. */
        readonly data: string;
        /** What it was encrypted with. Secret. */
        readonly password: string;
      }
    | undefined;
}

/** The number as the platform knows it. Works without a start: only a registered number can be ready. */
export interface Registration {
  /**
   * Has a code sent to the number.
   * @throws GatewayError `rejected` when it is proven already or gets none now, `rate_limited`
   */
  requestCode(request: CodeRequest, signal: AbortSignal): Promise<void>;
  /**
   * Proves the number's ownership by the code that came.
   * @param code six digits; a hyphen between them is left out. Secret
   * @throws GatewayError `rejected` for a wrong or an old one, `rate_limited` after too many
   */
  verifyCode(code: string, signal: AbortSignal): Promise<void>;
  /**
   * Registers the number with the platform.
   * @throws GatewayError `rejected`; a wrong pin is never tried again by itself, it locks the number
   */
  register(request: RegistrationRequest, signal: AbortSignal): Promise<void>;
  /**
   * Sets the pin of two-step verification, or another one. Needs no pin that was set before.
   * @param pin six digits. Secret
   */
  setPin(pin: string, signal: AbortSignal): Promise<void>;
  /** Takes the number off the platform. A session that runs on it ends, and its messages wait. */
  deregister(signal: AbortSignal): Promise<void>;
  /** How the business shows itself. */
  profile(signal: AbortSignal): Promise<BusinessProfile>;
  /** Changes what is named, and leaves the rest. */
  updateProfile(profile: BusinessProfile, signal: AbortSignal): Promise<void>;
}
