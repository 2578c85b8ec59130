/** Number of the image resource that holds the ICC profile ("Image Resource IDs", 1039). */
const ICC_PROFILE = 1039;
const SIGNATURE = 0x38_42_49_4d;

/** The blocks of the image resources section. Stops quietly where they stop making sense. */
function* resourceBlocks(section: Uint8Array): Generator<{ id: number; data: Uint8Array }> {
  const view = new DataView(section.buffer, section.byteOffset, section.byteLength);
  for (let at = 0; at + 12 <= section.byteLength;) {
    if (view.getUint32(at) !== SIGNATURE) return;
    const id = view.getUint16(at + 4);
    // A Pascal string, its length byte counted, padded to an even length.
    const nameBytes = (view.getUint8(at + 6) + 2) & ~1;
    const start = at + 6 + nameBytes + 4;
    if (start > section.byteLength) return;
    const length = view.getUint32(start - 4);
    if (start + length > section.byteLength) return;
    yield { id, data: section.subarray(start, start + length) };
    at = start + length + (length & 1);
  }
}

/** The ICC profile among image resources, copied; null when there is none. */
export function readProfile(section: Uint8Array): Uint8Array | null {
  for (const { id, data } of resourceBlocks(section)) {
    if (id === ICC_PROFILE && data.byteLength >= 128) return Uint8Array.from(data);
  }
  return null;
}

/** An image resource block that holds an ICC profile. */
export function profileResource(profile: Uint8Array): Uint8Array {
  const block = new Uint8Array(12 + profile.byteLength + (profile.byteLength & 1));
  const view = new DataView(block.buffer);
  view.setUint32(0, SIGNATURE);
  view.setUint16(4, ICC_PROFILE);
  view.setUint32(8, profile.byteLength);
  block.set(profile, 12);
  return block;
}
