import { hostname } from 'node:os';
import { describe, expect, test } from 'vitest';
import { createGate, createToken, isLoopback, parseToken } from '../../../../main/server/gate.ts';

describe('the gate', () => {
  test('of a loopback address knows loopback names with its port only', () => {
    const gate = createGate('127.0.0.1', 8000, 'token');
    for (const host of ['127.0.0.1:8000', 'localhost:8000', 'LOCALHOST:8000', '[::1]:8000']) {
      expect(gate.knowsHost(host), host).toBe(true);
      expect(gate.knowsOrigin(`http://${host}`, host)).toBe(true);
    }
    for (const host of [
      undefined,
      '',
      '127.0.0.1',
      '127.0.0.1:80',
      'evil.example:8000',
      `${hostname()}.local:8000`,
      '127.0.0.1:8000.evil.example',
    ]) {
      expect(gate.knowsHost(host), host).toBe(false);
    }
  });

  test('of a wildcard address also knows this machine by name', () => {
    const gate = createGate('0.0.0.0', 8000, 'token');
    expect(gate.knowsHost(`${hostname()}:8000`)).toBe(true);
    expect(gate.knowsHost('evil.example:8000')).toBe(false);
  });

  test('wants an origin that equals the host', () => {
    const gate = createGate('127.0.0.1', 8000, 'token');
    for (const origin of [
      undefined,
      'null',
      'https://127.0.0.1:8000',
      'http://localhost:8000',
      'http://127.0.0.1:8001',
    ]) {
      expect(gate.knowsOrigin(origin, '127.0.0.1:8000'), origin).toBe(false);
    }
  });

  test('compares tokens whole', () => {
    const gate = createGate('127.0.0.1', 8000, 'abcdefgh');
    expect(gate.knowsToken('abcdefgh')).toBe(true);
    for (const wrong of [undefined, '', 'abcdefg', 'abcdefghi', 'ABCDEFGH'])
      expect(gate.knowsToken(wrong)).toBe(false);
  });
});

test('random tokens are long, distinct and fit where tokens travel', () => {
  const tokens = Array.from({ length: 50 }, createToken);
  expect(new Set(tokens).size).toBe(50);
  for (const token of tokens) expect(parseToken(token)).toHaveLength(43);
});

test('a chosen token must be long and plain', () => {
  for (const token of ['', 'short', 'has a space in the middle', 'x'.repeat(257), 'ümlaut-ümlaut-ümlaut']) {
    expect(() => parseToken(token)).toThrow(expect.objectContaining({ code: 'host/token-invalid' }) as Error);
  }
});

test('loopback is told from the rest', () => {
  for (const address of ['127.0.0.1', '127.1.2.3', '::1', 'localhost'])
    expect(isLoopback(address)).toBe(true);
  for (const address of ['0.0.0.0', '::', '10.0.0.1', '127.0.0.1.evil.example'])
    expect(isLoopback(address)).toBe(false);
});
