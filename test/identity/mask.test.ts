import { expect } from 'chai';
import type { IdentifierKind } from '../../src/domain/subject.ts';
import { maskIdentifier } from '../../src/identity/mask.ts';

const cases: readonly (readonly [kind: IdentifierKind, value: string, mask: string])[] = [
  ['cpf', '52998224725', '***.982.247-**'],
  ['phone', '+5511987654321', '+55 11 9****-4321'],
  ['phone', '+551134567890', '+55 11 ****-7890'],
  ['phone', '+14155552671', '+****71'],
  ['email', 'maria.souza@example.com', 'm***@example.com'],
  ['email', 'm@example.com', '***@example.com'],
  ['email', '𝒶na@example.com', '𝒶***@example.com'],
  ['bsuid', 'BR.1234567890abcdef', 'BR.****cdef'],
  ['bsuid', 'BR.1234', 'BR.****'],
  ['external', 'cliente-000042', '****0042'],
  ['cookie', 'short', '****'],
  ['device', '12345678901', '****'],
];

describe('mask', () => {
  for (const [kind, value, mask] of cases) {
    it(`shows ${kind} ${value} as ${mask}`, () => {
      expect(maskIdentifier({ kind, value })).to.equal(mask);
    });
  }
});
