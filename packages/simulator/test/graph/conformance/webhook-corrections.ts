import { type Correction, type Lists, type Node, part, renamed } from './correction';

/** Where the file's answers and webhooks contradict it, and what is read instead. */
export const webhookCorrections: readonly Correction[] = [
  {
    why: 'Several files were merged: schemas whose names met got suffixes, the references did not follow, so that webhooks point to the schemas of requests.',
    apply: ({ schemas }) => {
      const twins: Record<string, string> = {
        BaseMessageProperties: 'BaseMessageProperties_1',
        TextMessage: 'TextMessage_2',
        ReactionMessage: 'ReactionMessage_1',
        AudioMessage: 'AudioMessage_1',
        DocumentMessage: 'DocumentMessage_1',
        ImageMessage: 'ImageMessage_1',
        StickerMessage: 'StickerMessage_1',
        VideoMessage: 'VideoMessage_1',
        LocationMessage: 'LocationMessage_1',
        ContactObject: 'ContactObject_1',
        ErrorObject: 'ErrorObject_2',
      };
      const names = [
        ...Object.values(twins),
        'IncomingMessage',
        'ContactSharingMessage',
        'UnsupportedMessage',
        'ButtonMessage',
        'InteractiveMessageReply',
        'OrderMessage',
        'SystemMessage',
      ];
      for (const name of names) {
        schemas[name] = renamed(schemas[name], (ref) => {
          const target = ref.split('/').at(-1) ?? '';
          return `#/components/schemas/${twins[target] ?? target}`;
        }) as Node;
      }
    },
  },
  {
    why: 'A quoted message need not be about a product, as the same file shows in its button and list replies.',
    apply: ({ schemas }) => {
      (schemas.ContextObject as Node).required = ['from', 'id'];
    },
  },
  {
    why: "The guide has the status `played` and the reply of a flow, `nfm_reply`; the file's lists are older.",
    apply: ({ schemas }) => {
      const { properties } = part(schemas, 'Statuses') as { properties: Lists };
      properties.status?.enum.push('played');
      const { allOf } = part(schemas, 'InteractiveMessageReply') as { allOf: Node[] };
      const reply = allOf[1] as { properties: { interactive: { properties: Lists } } };
      reply.properties.interactive.properties.type?.enum.push('nfm_reply');
    },
  },
  {
    why: "A number's status is CONNECTED in the guide and in another list of the file; the file's own example has NOT_VERIFIED and UNKNOWN, which its lists lack.",
    apply: ({ schemas }) => {
      const more = {
        WhatsAppPhoneNumberStatus: 'CONNECTED',
        WhatsAppCodeVerificationStatus: 'NOT_VERIFIED',
        WhatsAppPhoneNumberQualityRating: 'UNKNOWN',
      };
      for (const [name, word] of Object.entries(more)) {
        (part(schemas, name) as { enum: string[] }).enum.push(word);
      }
    },
  },
];
