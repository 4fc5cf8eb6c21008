import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createLiveUpdates } from "~/domain/live/create-live-updates";

const scope = { applicationId: "shop", mode: "test" } as const;
beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it("tells every watcher of the application and mode, once for many changes", () => {
  const live = createLiveUpdates(100);
  const [one, two, other] = [vi.fn(), vi.fn(), vi.fn()];
  live.watch(scope, one, vi.fn());
  live.watch(scope, two, vi.fn());
  live.watch({ ...scope, mode: "live" }, other, vi.fn());
  live.changed(scope);
  live.changed(scope);
  vi.advanceTimersByTime(100);
  live.changed(scope);
  vi.advanceTimersByTime(100);
  expect([one, two, other].map((listener) => listener.mock.calls.length)).toEqual([2, 2, 0]);
});

it("tells nobody who has gone, and ends those who are there when the process stops", () => {
  const live = createLiveUpdates(100);
  const [gone, here, ended] = [vi.fn(), vi.fn(), vi.fn()];
  const unwatch = live.watch(scope, gone, vi.fn());
  live.watch(scope, here, ended);
  live.changed(scope);
  unwatch();
  vi.advanceTimersByTime(100);
  live.stop();
  live.changed(scope);
  vi.advanceTimersByTime(100);
  expect(gone).not.toHaveBeenCalled();
  expect(here).toHaveBeenCalledTimes(1);
  expect(ended).toHaveBeenCalledTimes(1);
});
