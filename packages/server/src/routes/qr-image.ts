import { toDataURL } from 'qrcode';

/** Draws a QR as a `data:` link of a PNG, large enough to be scanned off a screen. */
export async function qrImage(text: string): Promise<string> {
  return await toDataURL(text, { type: 'image/png', errorCorrectionLevel: 'M', scale: 6 });
}
