const sectionWithoutBytes = 8;

/**
 * Returns the 64-bit little-endian ELF image at the start of `file`, without what was appended to it. It ends with the
 * last of its segments, its sections and its table of sections. Format: elf(5).
 */
export function cutElf(file: Uint8Array): Uint8Array {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  if (view.getUint32(0) !== 0x7f454c46) throw new Error("Cannot cut the base: it is no ELF image");
  const number = (at: number) => Number(view.getBigUint64(at, true));
  const segments = { at: number(32), size: view.getUint16(54, true), count: view.getUint16(56, true) };
  const sections = { at: number(40), size: view.getUint16(58, true), count: view.getUint16(60, true) };
  let end = sections.at + sections.size * sections.count;
  for (let i = 0; i < segments.count; i++) {
    const at = segments.at + i * segments.size;
    end = Math.max(end, number(at + 8) + number(at + 32));
  }
  for (let i = 0; i < sections.count; i++) {
    const at = sections.at + i * sections.size;
    if (view.getUint32(at + 4, true) !== sectionWithoutBytes) end = Math.max(end, number(at + 24) + number(at + 32));
  }
  return file.subarray(0, end);
}
