/** The first byte of a text frame that is a whole message (RFC 6455, 5.2). */
const FINAL_TEXT = 0x81;

/** How many bytes the head of a server's frame takes: a server masks nothing. */
export function textFrameHeadLength(payloadLength: number): number {
  if (payloadLength < 126) return 2;
  return payloadLength < 0x1_0000 ? 4 : 10;
}

/**
 * Writes the head of a text frame with so long a payload.
 * @returns the offset after it
 */
export function writeTextFrameHead(target: Buffer, offset: number, payloadLength: number): number {
  target[offset] = FINAL_TEXT;
  const size = textFrameHeadLength(payloadLength);
  if (size === 2) return target.writeUInt8(payloadLength, offset + 1);
  if (size === 4) {
    target[offset + 1] = 126;
    return target.writeUInt16BE(payloadLength, offset + 2);
  }
  target[offset + 1] = 127;
  return target.writeBigUInt64BE(BigInt(payloadLength), offset + 2);
}
