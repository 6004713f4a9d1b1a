/** Why a stream is closed, and what the client should do. */
export type CloseReason =
  | 'bad_frame'
  | 'key'
  | 'grant'
  | 'slow'
  | 'rate'
  | 'share'
  | 'restart'
  | 'internal';

/** The WebSocket close code and words of each reason. */
export const closeCodes: Readonly<Record<CloseReason, readonly [code: number, words: string]>> = {
  bad_frame: [4400, 'bad frame'],
  key: [4401, 'the key is no longer accepted'],
  grant: [4403, 'no such workspace, or the key does not cover it'],
  slow: [4408, 'reads too slowly; resume from the last seq'],
  rate: [4429, 'too many frames'],
  share: [4429, 'the key holds too many streams; close one, or follow more workspaces over it'],
  restart: [1012, 'the instance stops; resume elsewhere or later'],
  internal: [1011, 'the event log could not be read; resume later'],
};
