// For the pictures: a process in which it is always the same moment, and in which chance falls the same way each
// time, so that two runs show the same. The embedded database lives in this process and asks the same clock.
import crypto, { createHash } from "node:crypto";
import { syncBuiltinESMExports } from "node:module";

/** A Friday, half past three in the afternoon in Melbourne, where the demo merchant is. */
export const NOW = "2026-11-20T04:30:00.000Z";

/** Call before anything of the product is loaded. Nothing that is made afterwards is a secret. */
export function standStill() {
  const now = Date.parse(NOW);
  globalThis.Date = new Proxy(Date, {
    construct: (target, args, newTarget) =>
      Reflect.construct(target, args.length > 0 ? args : [now], newTarget),
    get: (target, name, receiver) => (name === "now" ? () => now : Reflect.get(target, name, receiver)),
  });

  let drawn = 0;
  const bytes = (length) => {
    const blocks = [];
    for (let have = 0; have < length; have += 32, drawn += 1)
      blocks.push(createHash("sha256").update(`pictures ${drawn}`).digest());
    return Buffer.concat(blocks).subarray(0, length);
  };
  const fill = (array) => {
    new Uint8Array(array.buffer, array.byteOffset, array.byteLength).set(bytes(array.byteLength));
    return array;
  };
  const uuid = () => {
    const hex = bytes(16).toString("hex");
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`;
  };
  crypto.randomBytes = bytes;
  crypto.randomFillSync = fill;
  crypto.randomUUID = uuid;
  globalThis.crypto.getRandomValues = fill;
  globalThis.crypto.randomUUID = uuid;
  syncBuiltinESMExports();
}
