import { GatewayError } from '../errors/gateway-error';
import { SigningKey, type SigningKeyOptions } from './signing-key';

/**
 * The keys that an instance accepts. A key is rotated by overlap: add the new one, move the signers
 * over, and give the old one an end with {@link KeyRing.expire}; both hold in between.
 */
export class KeyRing {
  readonly #keys = new Map<string, SigningKey>();

  /** @throws GatewayError `invalid_config` for a short or known secret, or an id used twice */
  constructor(keys: Iterable<SigningKeyOptions> = []) {
    for (const key of keys) this.add(key);
  }

  /** How many keys there are. */
  get size(): number {
    return this.#keys.size;
  }

  /** The key with this id. It need not be valid now. */
  get(id: string): SigningKey | undefined {
    return this.#keys.get(id);
  }

  /**
   * Adds a key.
   * @throws GatewayError `invalid_config` for a short or known secret, or an id that is in use
   */
  add(options: SigningKeyOptions): SigningKey {
    const key = new SigningKey(options);
    if (this.#keys.has(key.id)) {
      throw new GatewayError(
        'invalid_config',
        `Two keys are called "${key.id}". Give the new key an id of its own.`,
      );
    }
    this.#keys.set(key.id, key);
    return key;
  }

  /**
   * Gives a key an end, or moves the end it has.
   * @param notAfter milliseconds since 1970; until then the key is still accepted
   * @returns false when there is no such key
   * @throws GatewayError `invalid_config` when the key would end before it begins
   */
  expire(id: string, notAfter: number): boolean {
    const key = this.#keys.get(id);
    if (key === undefined) return false;
    this.#keys.set(id, key.endingAt(notAfter));
    return true;
  }

  /** Forgets a key at once: what to do when its secret has leaked. Returns false when there was none. */
  remove(id: string): boolean {
    return this.#keys.delete(id);
  }

  /** Every key, in the order in which they were added. */
  list(): readonly SigningKey[] {
    return [...this.#keys.values()];
  }
}
