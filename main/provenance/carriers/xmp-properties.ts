const NAMED: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/**
 * One simple or language-alternative property of an XMP packet (ISO 16684-1, §7), written as an element or as an
 * attribute; null when the packet has none.
 *
 * @param name with its usual prefix, such as `exif:UserComment`
 */
export function xmpProperty(packet: string, name: string): string | null {
  const open = packet.indexOf(`<${name}`);
  if (open >= 0) {
    const begin = packet.indexOf('>', open);
    const end = packet.indexOf(`</${name}>`, begin);
    if (begin >= 0 && end >= 0) {
      const inner = packet.slice(begin + 1, end);
      const item = /<rdf:li[^>]*>([^<]*)<\/rdf:li>/.exec(inner);
      return unescapeXml((item?.[1] ?? inner).trim());
    }
  }
  const attribute = new RegExp(`\\s${name}=(?:"([^"]*)"|'([^']*)')`).exec(packet);
  return attribute ? unescapeXml(attribute[1] ?? attribute[2] ?? '') : null;
}

function unescapeXml(text: string): string {
  return text.replace(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|([a-z]{2,4}));/gi, (whole, hex, decimal, name) => {
    if (name !== undefined) return NAMED[String(name)] ?? whole;
    const code = hex === undefined ? Number(decimal) : Number.parseInt(String(hex), 16);
    return code > 0x10ffff ? whole : String.fromCodePoint(code);
  });
}
