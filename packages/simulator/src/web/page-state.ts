/** The states that `Socket.state` of WhatsApp Web can take. */
export const pageStates = [
  'OPENING',
  'UNLAUNCHED',
  'PAIRING',
  'UNPAIRED',
  'UNPAIRED_IDLE',
  'CONNECTED',
  'TIMEOUT',
  'CONFLICT',
  'DEPRECATED_VERSION',
  'TOS_BLOCK',
  'SMB_TOS_BLOCK',
  'PROXYBLOCK',
] as const;

/** One of the {@link pageStates}. */
export type PageState = (typeof pageStates)[number];
