import type { JsonObject } from '../messages/parse-message';

/** A place that a customer sends. */
export interface CustomerLocation {
  /** Degrees north. */
  readonly latitude: number;
  /** Degrees east. */
  readonly longitude: number;
  /** What the place is called. */
  readonly name?: string;
  /** Its street address. */
  readonly address?: string;
  /** Its website. */
  readonly url?: string;
}

/** One line of an order. */
export interface OrderItem {
  /** The product, as the catalogue calls it. */
  readonly product_retailer_id: string;
  /** How many. */
  readonly quantity: number;
  /** What one costs. */
  readonly item_price: number;
  /** In what currency. */
  readonly currency: string;
}

/** Contents that a customer can send, for `phone(…).send(to, …)`; names as on the wire. */
export interface CustomerContents {
  /** A place. */
  location(place: CustomerLocation): JsonObject;
  /** Contact cards. */
  contacts(...cards: readonly JsonObject[]): JsonObject;
  /** An order from a catalogue. */
  order(catalogId: string, items: readonly OrderItem[], text?: string): JsonObject;
  /** The form of a finished flow. */
  flowReply(values: JsonObject, flowToken?: string): JsonObject;
  /** Something that the Cloud API cannot show: 131051. */
  unsupported(): JsonObject;
  /** The first opening of a chat, before anything was written. */
  requestWelcome(): JsonObject;
}

/** {@inheritDoc CustomerContents} */
export const customerContents: CustomerContents = {
  location: (location) => ({ type: 'location', location }),
  contacts: (...contacts) => ({ type: 'contacts', contacts }),
  order: (catalog_id, product_items, text = '') => ({
    type: 'order',
    order: { catalog_id, text, product_items },
  }),
  flowReply: (values, flowToken = 'unused') => ({
    type: 'interactive',
    interactive: {
      type: 'nfm_reply',
      nfm_reply: {
        name: 'flow',
        body: 'Sent',
        response_json: JSON.stringify({ flow_token: flowToken, ...values }),
      },
    },
  }),
  unsupported: () => ({
    type: 'unsupported',
    errors: [
      {
        code: 131051,
        title: 'Message type unknown',
        message: 'Message type unknown',
        error_data: { details: 'This kind of message is not supported.' },
      },
    ],
  }),
  requestWelcome: () => ({ type: 'request_welcome' }),
};
