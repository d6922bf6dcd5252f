/** The two keys that a server keeps of a password (RFC 5802, section 3), from the salted password. */
import { createHash, createHmac } from "node:crypto";

/** 1 SCRAM-SHA-256, 2 SCRAM-SHA-512: as Kafka numbers them. */
export function scramKeys(mechanism: 1 | 2, saltedPassword: Uint8Array) {
  const hash = mechanism === 1 ? "sha256" : "sha512";
  const hmac = (text: string) => createHmac(hash, saltedPassword).update(text).digest();
  const storedKey = new Uint8Array(createHash(hash).update(hmac("Client Key")).digest());
  return { storedKey, serverKey: new Uint8Array(hmac("Server Key")) };
}
