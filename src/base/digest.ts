/** Returns the SHA-256 of `data` in hexadecimal, cut to 32 characters: 128 bits, so two identities never meet. */
export async function digest(data: string | Uint8Array<ArrayBuffer>): Promise<string> {
  const bytes = typeof data === "string" ? new TextEncoder().encode(data) : data;
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes), 0, 16);
  let hex = "";
  for (const byte of hash) hex += (byte < 16 ? "0" : "") + byte.toString(16);
  return hex;
}
