import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  hkdfSync,
  randomBytes,
  timingSafeEqual,
} from "node:crypto";

/** SHA-256 of a text or bytes. */
export function sha256(data: string | Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(createHash("sha256").update(data).digest());
}

/** HMAC-SHA-256. */
export function hmacSha256(key: string | Uint8Array, data: string | Uint8Array): Buffer {
  return createHmac("sha256", key).update(data).digest();
}

/** Compares without telling where they differ; false for different lengths. */
export function equalInConstantTime(a: string | Uint8Array, b: string | Uint8Array): boolean {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
}

/** A random token of `bytes` bytes, base64url. */
export function randomToken(bytes = 32): string {
  return randomBytes(bytes).toString("base64url");
}

/** Encrypts what is kept at rest, and derives one key for each purpose from the application secret. */
export interface Keyring {
  /** AES-256-GCM: version (1 byte), key id (4), nonce (12), tag (16), ciphertext. `context` is authenticated: a row's id. */
  encrypt(plaintext: string, context: string): Uint8Array<ArrayBuffer>;
  /** @throws Error when the key is not in the ring, the context differs or the bytes were changed. */
  decrypt(ciphertext: Uint8Array, context: string): string;
  /** Whether the bytes were encrypted with the ring's first secret, which new ones are. */
  isCurrent(ciphertext: Uint8Array): boolean;
  /** What every ciphertext of the ring's first secret starts with: version and key id, 5 bytes. */
  readonly currentPrefix: Uint8Array<ArrayBuffer>;
  /** 32 bytes for one purpose ("jwt", "checkout-token"); different purposes cannot be told from each other. */
  derive(purpose: string): Uint8Array;
  /** The same under each secret of the ring, the first one first: to check what was made before a rotation. */
  deriveAll(purpose: string): readonly Uint8Array[];
}

const VERSION = 1;

/**
 * A ring of application secrets: the first encrypts and derives, all decrypt and check, so that a secret can be
 * rotated by putting the new one in front (docs/rotating-keys.md).
 */
export function createKeyring(secrets: readonly string[]): Keyring {
  const [first] = secrets;
  if (first === undefined) throw new Error("a key ring needs at least one secret");
  const derive = (secret: string, purpose: string) =>
    new Uint8Array(hkdfSync("sha256", secret, "kadosei", purpose, 32));
  // The few purposes that every request needs; those with an id in them would fill the memory.
  const fixed = new Map<string, readonly Uint8Array[]>();
  const deriveAll = (purpose: string): readonly Uint8Array[] => {
    const known = fixed.get(purpose);
    if (known) return known;
    const made = secrets.map((secret) => derive(secret, purpose));
    if (!purpose.includes(":")) fixed.set(purpose, made);
    return made;
  };
  const keys = secrets.map((secret) => {
    const key = derive(secret, "encryption-at-rest");
    return { id: Buffer.from(sha256(key)).subarray(0, 4), key };
  });
  const current = keys[0];
  if (current === undefined) throw new Error("a key ring needs at least one secret");

  const currentPrefix = new Uint8Array(Buffer.concat([Buffer.from([VERSION]), current.id]));

  return {
    currentPrefix,
    isCurrent: (ciphertext) =>
      Buffer.from(ciphertext).subarray(0, currentPrefix.length).equals(currentPrefix),
    encrypt(plaintext, context) {
      const nonce = randomBytes(12);
      const cipher = createCipheriv("aes-256-gcm", current.key, nonce);
      cipher.setAAD(Buffer.from(context));
      const body = Buffer.concat([cipher.update(plaintext, "utf8"), cipher.final()]);
      return new Uint8Array(Buffer.concat([currentPrefix, nonce, cipher.getAuthTag(), body]));
    },
    decrypt(ciphertext, context) {
      const bytes = Buffer.from(ciphertext);
      if (bytes[0] !== VERSION) throw new Error("encrypted with an unknown version");
      const found = keys.find(({ id }) => id.equals(bytes.subarray(1, 5)));
      if (found === undefined) throw new Error("encrypted with a key that is not in the ring");
      const decipher = createDecipheriv("aes-256-gcm", found.key, bytes.subarray(5, 17));
      decipher.setAAD(Buffer.from(context));
      decipher.setAuthTag(bytes.subarray(17, 33));
      return Buffer.concat([decipher.update(bytes.subarray(33)), decipher.final()]).toString("utf8");
    },
    derive: (purpose) => deriveAll(purpose)[0] ?? derive(first, purpose),
    deriveAll,
  };
}
