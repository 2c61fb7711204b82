/** Returns a QR code as SVG, black on white in any color scheme, with a quiet zone around it. */
export async function qrCode(text: string): Promise<string> {
  const { default: QRCode } = await import("qrcode");
  return QRCode.toString(text, { type: "svg", errorCorrectionLevel: "M", margin: 2 });
}
