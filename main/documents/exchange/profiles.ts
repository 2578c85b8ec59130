/** Colour space signature of an ICC profile (ICC.1:2022, section 7.2.6), such as "RGB " or "CMYK"; null when it is none. */
export function profileSpace(profile: Uint8Array): string | null {
  if (profile.byteLength < 128) return null;
  const text = Buffer.from(profile.buffer, profile.byteOffset, 40).toString('latin1');
  return text.slice(36, 40) === 'acsp' ? text.slice(16, 20) : null;
}

/** What a profile calls itself: its description tag (section 9.2.41) as text; empty when it has none. */
export function profileName(profile: Uint8Array): string {
  const view = new DataView(profile.buffer, profile.byteOffset, profile.byteLength);
  if (profile.byteLength < 132) return '';
  const count = Math.min(view.getUint32(128), 100);
  for (let i = 0; i < count && 144 + i * 12 <= profile.byteLength; i++) {
    const at = 132 + i * 12;
    // "desc"
    if (view.getUint32(at) !== 0x64_65_73_63) continue;
    const start = view.getUint32(at + 4);
    const end = start + view.getUint32(at + 8);
    if (end > profile.byteLength) return '';
    // Both the old type (ASCII) and the new (UTF-16) read well enough once what is not a letter is gone.
    return Buffer.from(profile.subarray(start, end))
      .toString('latin1')
      .replace(/^(?:desc|mluc)/, '')
      .replace(/[^ -~]/g, '');
  }
  return '';
}

/** The nearest colour space that the engine shows: Display P3 when the profile says so, else sRGB. */
export function colourSpaceOf(profile: Uint8Array | null): 'srgb' | 'display-p3' {
  return profile !== null && /display\s?p3/i.test(profileName(profile)) ? 'display-p3' : 'srgb';
}
