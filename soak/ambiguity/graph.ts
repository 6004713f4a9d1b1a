import type { ProviderFactory } from '@blazz/core';
import { metaProvider } from '@blazz/providers/meta';
import type { Protocol } from './faulty-upstream';
import type { HttpProviderOptions } from './http-provider';
import { neverConnects } from './never-connects';

/** What Graph answers. */
export const graphProtocol: Protocol = {
  sent: ({ biz_opaque_callback_data: data }) => ({
    messaging_product: 'whatsapp',
    messages: [{ id: `wamid.${data}` }],
  }),
  other: { id: '1', display_phone_number: '+49 151 00000001' },
};

/** The Cloud API provider, over the faulty upstream. */
export function graphProvider(options: HttpProviderOptions): ProviderFactory {
  const factory = metaProvider({ deadlines: { sendMs: 150 }, connect: neverConnects(options) });
  return factory as ProviderFactory;
}

/** What its workspace sets. */
export function graphSettings(port: number): Readonly<Record<string, unknown>> {
  return { phone_number_id: '1', access_token: 'token', graph_url: `http://127.0.0.1:${port}` };
}
