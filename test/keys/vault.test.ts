/** The vault: what was sealed opens under its key and in its place alone, and unchanged. */
import { expect } from 'chai';
import { createSecretKey, type KeyObject, randomBytes } from 'node:crypto';
import type { Keys } from '../../src/keys/key-file.ts';
import { seal, unseal, UnsealError, Vault } from '../../src/keys/vault.ts';

const text = '{"first_name":"Ana","note":"ação, 東京, 🚪"}';
const context = 'subject/sub_1';

function key(byte: number): KeyObject {
  return createSecretKey(Buffer.alloc(32, byte));
}

function keys(changes: Partial<Keys> = {}): Keys {
  return {
    current: 'mk-a',
    master: new Map([
      ['mk-a', key(1)],
      ['mk-b', key(2)],
    ]),
    lookup: key(3),
    link: key(4),
    ...changes,
  };
}

/** The sealed bytes, changed, as a sealed text again. */
function changed(sealed: string, change: (bytes: Buffer) => Buffer): string {
  return change(Buffer.from(sealed, 'base64url')).toString('base64url');
}

function flipBit(sealed: string, bit: number): string {
  return changed(sealed, (bytes) => {
    bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    return bytes;
  });
}

describe('sealing', () => {
  const own = key(9);
  const sealed = seal(own, context, text);
  const bytes = Buffer.from(sealed, 'base64url').length;

  it('gives back what was sealed, the empty text too', () => {
    expect(unseal(own, context, sealed)).to.equal(text);
    expect(unseal(own, context, seal(own, context, ''))).to.equal('');
  });

  it('never gives the same bytes twice, nor the text in them', () => {
    expect(seal(own, context, text)).not.to.equal(sealed);
    expect(Buffer.from(sealed, 'base64url').toString('latin1')).not.to.include('first_name');
  });

  it('is version, 12 bytes of IV, the text and 16 bytes of tag', () => {
    expect(bytes).to.equal(1 + 12 + Buffer.byteLength(text) + 16);
  });

  const refused: readonly (readonly [name: string, open: () => string])[] = [
    ['another key', () => unseal(key(8), context, sealed)],
    ['another context', () => unseal(own, 'subject/sub_2', sealed)],
    ['a context that goes on', () => unseal(own, `${context}0`, sealed)],
    ['no context', () => unseal(own, '', sealed)],
    ['another version', () => unseal(own, context, flipBit(sealed, 0))],
    ['the empty text', () => unseal(own, context, '')],
    ['what is not base64url', () => unseal(own, context, '{}')],
    ['the text itself', () => unseal(own, context, text)],
    [
      'bytes at the end',
      () =>
        unseal(
          own,
          context,
          changed(sealed, (all) => Buffer.concat([all, Buffer.alloc(1)])),
        ),
    ],
    [
      'the tag of another text',
      () =>
        unseal(
          own,
          context,
          changed(sealed, (all) =>
            Buffer.concat([
              all.subarray(0, -16),
              Buffer.from(seal(own, context, text), 'base64url').subarray(-16),
            ]),
          ),
        ),
    ],
  ];
  for (const [name, open] of refused) {
    it(`refuses ${name}`, () => expect(open).to.throw(UnsealError));
  }

  it('refuses every bit that was flipped', () => {
    for (let bit = 0; bit < bytes * 8; bit += 1) {
      expect(() => unseal(own, context, flipBit(sealed, bit)), `bit ${bit}`).to.throw(UnsealError);
    }
  });

  it('refuses every shorter text, so that no tag is shorter than 16 bytes', () => {
    for (let length = 0; length < bytes; length += 1) {
      const cut = changed(sealed, (all) => all.subarray(0, length));
      expect(() => unseal(own, context, cut), `${length} bytes`).to.throw(UnsealError);
    }
  });

  it('says nothing of the text or the key when it refuses', () => {
    try {
      unseal(key(8), context, sealed);
      expect.fail('it opened');
    } catch (error) {
      expect(String(error)).to.equal('UnsealError: a sealed field does not open under this key');
    }
  });
});

describe('a subject key', () => {
  const vault = new Vault(keys());

  it('opens to the same key from its wrapped form', () => {
    const made = vault.newSubjectKey();
    const opened = vault.openSubjectKey(made.wrapped);
    expect(opened.key.equals(made.key)).to.equal(true);
    expect(unseal(opened.key, context, seal(made.key, context, text))).to.equal(text);
  });

  it('is wrapped under the current master key, by its id', () => {
    expect(vault.newSubjectKey().wrapped).to.match(/^mk-a\.[\w-]{54}$/);
    const later = new Vault(keys({ current: 'mk-b' }));
    expect(later.newSubjectKey().wrapped).to.match(/^mk-b\./);
    // A new current key leaves what older ones wrapped readable.
    const early = vault.newSubjectKey();
    expect(later.openSubjectKey(early.wrapped).key.equals(early.key)).to.equal(true);
  });

  it('is wrapped as in RFC 3394, section 4.6', () => {
    const kek = createSecretKey(Buffer.from(Array.from({ length: 32 }, (_, index) => index)));
    const wrapped =
      '28c9f404c4b810f4cbccb35cfb87f8263f5786e2d80ed326cbc7f0e71a99f43bfb988b9b7a02dd21';
    const form = `rfc.${Buffer.from(wrapped, 'hex').toString('base64url')}`;
    const opened = new Vault(keys({ master: new Map([['rfc', kek]]) })).openSubjectKey(form);
    expect(opened.key.export().toString('hex')).to.equal(
      '00112233445566778899aabbccddeeff000102030405060708090a0b0c0d0e0f',
    );
  });

  const { wrapped } = vault.newSubjectKey();
  const text64 = wrapped.slice('mk-a.'.length);
  const refused: readonly (readonly [name: string, wrapped: string])[] = [
    ['an unknown master key', `mk-c.${text64}`],
    ['another master key', `mk-b.${text64}`],
    ['no master key', text64],
    ['the empty text', ''],
    ['a shorter text', wrapped.slice(0, -8)],
    ['a longer text', `${wrapped}AAAAAAAAAAA`],
    ['random bytes', `mk-a.${randomBytes(40).toString('base64url')}`],
  ];
  for (const [name, form] of refused) {
    it(`does not open with ${name}`, () => {
      expect(() => vault.openSubjectKey(form)).to.throw(UnsealError);
    });
  }

  it('does not open with any bit flipped', () => {
    for (let bit = 0; bit < 40 * 8; bit += 1) {
      const form = `mk-a.${flipBit(text64, bit)}`;
      expect(() => vault.openSubjectKey(form), `bit ${bit}`).to.throw(UnsealError);
    }
  });
});

describe('subject keys opened together', () => {
  const vaults = [new Vault(keys()), new Vault(keys({ current: 'mk-b' }))] as const;
  const [vault] = vaults;
  const made = Array.from({ length: 50 }, (_, at) => vaults[at % 3 === 0 ? 1 : 0].newSubjectKey());
  const forms = made.map(({ wrapped }) => wrapped);

  it('are those that each opens to, whichever master key wrapped it', () => {
    const opened = vault.openSubjectKeys([...forms, ...forms]);
    expect([...opened.keys()]).to.have.members(forms);
    for (const { wrapped, key: own } of made) {
      expect(opened.get(wrapped)?.wrapped).to.equal(wrapped);
      expect(opened.get(wrapped)?.key.equals(own)).to.equal(true);
      expect(vault.openSubjectKey(wrapped).key.equals(own)).to.equal(true);
    }
    expect(vault.openSubjectKeys([]).size).to.equal(0);
  });

  const [first = ''] = forms;
  const text64 = first.slice(first.indexOf('.') + 1);
  const refused: readonly (readonly [name: string, wrapped: string])[] = [
    ['an unknown master key', `mk-c.${text64}`],
    ['another master key', `mk-a.${text64}`],
    ['no master key', text64],
    ['the empty text', ''],
    ['a shorter text', first.slice(0, -8)],
    ['a longer text', `${first}AAAAAAAAAAA`],
    ['random bytes', `mk-a.${randomBytes(40).toString('base64url')}`],
  ];
  for (const [name, form] of refused) {
    it(`do not open with ${name} among them`, () => {
      expect(() => vault.openSubjectKeys([...forms, form])).to.throw(UnsealError);
    });
  }

  it('do not open with any bit of one flipped', () => {
    for (let bit = 0; bit < 40 * 8; bit += 1) {
      const form = `mk-b.${flipBit(text64, bit)}`;
      expect(() => vault.openSubjectKeys([...forms, form]), `bit ${bit}`).to.throw(UnsealError);
    }
  });
});

describe('a link', () => {
  const vault = new Vault(keys());
  const link = vault.sealLink('1 sub_1 promocoes email');

  it('opens for the gate that made it', () => {
    expect(vault.openLink(link)).to.equal('1 sub_1 promocoes email');
    expect(link).to.match(/^[\w-]+$/);
  });

  it('is null for anybody else, and when it was changed', () => {
    expect(new Vault(keys({ link: key(5) })).openLink(link)).to.equal(null);
    expect(vault.openLink(flipBit(link, 200))).to.equal(null);
    expect(vault.openLink('')).to.equal(null);
    expect(vault.openLink('a'.repeat(5000))).to.equal(null);
  });

  it('is no sealed field of another place under the same key', () => {
    expect(vault.openLink(seal(key(4), 'subject/sub_1', 'x'))).to.equal(null);
  });
});

describe('keyed hashes', () => {
  const vault = new Vault(keys());

  it('are HMAC-SHA-256 over kind, NUL and value', () => {
    // printf 'email\0ana@example.com' | openssl dgst -sha256 -mac HMAC -macopt hexkey:0303...03
    expect(vault.hash('email', 'ana@example.com')).to.equal(
      '9ca1f2a2e0927e395a51366cf785fe2ade0eee82ef7b2ceae05483e7aacc3c16',
    );
  });

  it('differ by kind, by value and by key', () => {
    const hashes = [
      vault.hash('email', 'a'),
      vault.hash('phone', 'a'),
      vault.hash('email', 'b'),
      new Vault(keys({ lookup: key(6) })).hash('email', 'a'),
    ];
    expect(new Set(hashes)).to.have.length(hashes.length);
  });

  it('fingerprint the look-up key alone, so that a master key may be added', () => {
    const more = new Map([...keys().master, ['mk-z', key(7)] as const]);
    expect(new Vault(keys({ master: more })).fingerprint()).to.equal(vault.fingerprint());
    expect(new Vault(keys({ lookup: key(7) })).fingerprint()).not.to.equal(vault.fingerprint());
  });
});
