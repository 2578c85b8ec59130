const PARTNER: Record<string, string> = { ')': '(', ']': '[' };

/**
 * For each bracket of a prompt the index of its partner, and -1 for everything else: stray
 * brackets, escaped ones, letters. A closing bracket takes the nearest open one of its kind and
 * leaves what is open between them stray.
 */
export function matchBrackets(text: string): Int32Array {
  const partners = new Int32Array(text.length).fill(-1);
  const open: number[] = [];
  const waiting: Record<string, number> = { '(': 0, '[': 0 };
  for (let i = 0; i < text.length; i += 1) {
    const letter = text[i] ?? '';
    if (letter === '\\') {
      i += 1;
    } else if (letter === '(' || letter === '[') {
      open.push(i);
      waiting[letter] = (waiting[letter] ?? 0) + 1;
    } else if (letter === ')' || letter === ']') {
      const wanted = PARTNER[letter] ?? '';
      if ((waiting[wanted] ?? 0) === 0) continue;
      for (let at = open.pop(); at !== undefined; at = open.pop()) {
        const kind = text[at] ?? '';
        waiting[kind] = (waiting[kind] ?? 0) - 1;
        if (kind !== wanted) continue;
        partners[at] = i;
        partners[i] = at;
        break;
      }
    }
  }
  return partners;
}
