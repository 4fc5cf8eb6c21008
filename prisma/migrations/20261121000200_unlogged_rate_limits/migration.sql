-- Counters of seconds and minutes: a crash may forget them, and the log need not carry them.
alter table rate_limits set unlogged;
