/**
 * Joins reads of one key: whoever asks while a read is under way shares the next one with all others who do.
 * So nobody waits for more than two reads, a busy key costs one read at a time however many ask, and nobody
 * gets an answer that was read before he asked. A failed read fails for those who share it, and is not kept.
 */
export function sharedReads<Key, Value>(read: (key: Key) => Promise<Value>): (key: Key) => Promise<Value> {
  interface Line {
    running: Promise<Value>;
    next: Promise<Value> | null;
  }
  const lines = new Map<Key, Line>();

  function start(key: Key): Promise<Value> {
    const line: Line = { running: read(key), next: null };
    lines.set(key, line);
    const end = () => {
      if (line.next === null) lines.delete(key);
    };
    line.running.then(end, end);
    return line.running;
  }

  return (key) => {
    const line = lines.get(key);
    if (line === undefined) return start(key);
    line.next ??= line.running.then(
      () => start(key),
      () => start(key),
    );
    return line.next;
  };
}
